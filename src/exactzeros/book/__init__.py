"""What only the chapters use: the figures, their style, and results as equations, numbers and tables of the text."""
