"""A hundred people who use one running sandbox at once, over HTTP alone, and the books that are checked afterwards."""
