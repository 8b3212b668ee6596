"""What people do in the catalogue: require, rules, change, record."""
