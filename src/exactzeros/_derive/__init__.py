"""How everything about a penalty is derived from its expression. Private: users import `exactzeros.Penalty`."""
