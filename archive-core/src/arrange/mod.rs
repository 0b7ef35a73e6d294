//! Turning a heap of a year's items into volumes in the right order, each place with its reason.
