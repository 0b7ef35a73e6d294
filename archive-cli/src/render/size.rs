//! Amounts of data as people read them.

/// Bytes as `3.4 MB`, in millions, as the forms and the makers of discs count; rounded up, since what is there isn't
/// nothing.
pub(crate) fn megabytes(bytes: u64) -> String {
    let tenths = bytes.div_ceil(100_000);
    format!("{}.{} MB", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::megabytes;

    #[test]
    fn sizes_have_one_decimal() {
        assert_eq!(megabytes(0), "0.0 MB");
        assert_eq!(megabytes(6_815_744), "6.9 MB");
        assert_eq!(megabytes(12), "0.1 MB");
    }
}
