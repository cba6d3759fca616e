"""The decision table as SQL: facts in a warehouse become answers there, in the dialect that is spoken."""
