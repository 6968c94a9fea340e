"""The penalty lab: turns a text into a penalty, and a penalty into the plain values that a page shows."""
