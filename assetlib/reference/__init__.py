"""What plans and books are reckoned in: fiscal years, accounts, cost centres, rates, vendors, holidays."""
