"""How the site is found: by search engines, by programs, and under the addresses that its pages once had."""
