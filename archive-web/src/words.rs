//! Words of the records in the reader's language: on the page, while documents for programs keep what stands on paper.

use archive_core::model::{OpeningState, RetentionPeriod};
use archive_core::storeroom::climate::Range;
use archive_core::text;
use archive_core::text::Text;

/// A retention period (保管期限).
pub(crate) fn period(of: RetentionPeriod) -> Text {
    match of {
        RetentionPeriod::Permanent => Text::fixed("永久", "permanent"),
        RetentionPeriod::LongTerm => Text::fixed("长期", "long term"),
        RetentionPeriod::ShortTerm => Text::fixed("短期", "short term"),
        RetentionPeriod::Years(years) => text!("定期{years}年", "{years} years"),
    }
}

/// An opening state (开放标识).
pub(crate) const fn opening(of: OpeningState) -> Text {
    match of {
        OpeningState::Unreviewed => Text::fixed("未审核", "not reviewed"),
        OpeningState::Open => Text::fixed("开放", "open"),
        OpeningState::Postponed => Text::fixed("延期开放", "postponed"),
        OpeningState::Controlled => Text::fixed("控制", "kept closed"),
    }
}

/// The day of a moment (RFC 3339).
pub(crate) fn day(moment: &str) -> &str {
    moment.get(..10).unwrap_or(moment)
}

/// From the lowest of a day to the highest.
pub(crate) fn span(of: &Range) -> String {
    let (low, high) = (format!("{:.1}", of.low), format!("{:.1}", of.high));
    if low == high { low } else { format!("{low} – {high}") }
}
