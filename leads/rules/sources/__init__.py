"""What webhook senders write, read without believing any of it (webhooks.md; security.md R19).

`body` turns bytes into a tree, `shapes` the tree into entries, `mapping` the entries into a lead's fields;
`signatures` and `addresses` say who may send. Pure: the door hands in what arrived and when.
"""
