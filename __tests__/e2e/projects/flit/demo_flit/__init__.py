"""A demo module that the end-to-end tests publish."""
