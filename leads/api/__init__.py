"""The machine door: programs come in with a token and get JSON. Same selectors, filters, forms and services."""
