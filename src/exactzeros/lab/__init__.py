"""The penalty lab: a text becomes a penalty, and a penalty the answer that a page shows, as plain values."""
