"""How a text tells that somebody speaks: quotation marks, and verbs of speech with their subject.

One grammar for the speaker of a quotation and for who states a figure; who the words of a subject name is for others.
"""
