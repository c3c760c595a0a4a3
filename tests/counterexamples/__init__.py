"""A small sound dataset, and for every rule a change to it that this rule and no other refuses."""
