//! Judging OCFL objects and storage roots, ours and other people's.
