"""Why, why not, what would decide it, and on which readings it rests."""
