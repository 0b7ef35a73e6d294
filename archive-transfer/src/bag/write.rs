//! Writing the tag files of a BagIt 1.0 bag.
