"""How everything about a penalty is derived from its expression; `exactzeros.penalty` is what users import."""
