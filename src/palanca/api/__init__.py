"""The Python door: a case loaded with its figures and its fit, asked one question a method."""
