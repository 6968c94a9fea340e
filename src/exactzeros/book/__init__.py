"""Used only by the chapters: figures, their style, and results as equations, numbers and tables in the text."""
