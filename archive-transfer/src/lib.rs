//! Transfer packages: build, verify, receive.
