//! Archival codes (档号), in the three grammars in force side by side.
//!
//! DA/T 22-2015 writes `Z109-WS·2011-Y-BGS-0001`; DA/T 13-2022 writes items `Z109-WS·2011·Y·办公室-0001` and
//! volumes `J019-KU·01·2017-001-001`; and the old form by catalogue, `C038-001-002-003`, is still allowed.
//! Upper and lower parts are joined by `-`, parts of one level by `·`.

use std::fmt;

use super::characters::fold;
use crate::model::RetentionPeriod;

/// A serial in a code: its number, and how many digits it is padded to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Serial {
    /// The number.
    pub number: u32,
    /// The digits it is written with.
    pub width: u8,
}

impl fmt::Display for Serial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:0width$}", self.number, width = usize::from(self.width))
    }
}

/// An archival code (档号).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ArchivalCode {
    /// An item by DA/T 22-2015: 全宗号-门类·年度-保管期限-机构(问题)-件号.
    FilingItem {
        /// 全宗号.
        fonds: String,
        /// 档案门类代码: WS, KJ …
        category: String,
        /// 年度.
        year: u16,
        /// 保管期限代码: Y, D30, D10; older offices also C and D.
        period: String,
        /// 机构(问题)代码, if that level is used.
        section: Option<String>,
        /// 件号.
        item: Serial,
    },
    /// An item by DA/T 13-2022: 全宗号-类别号-件号.
    Item {
        /// 全宗号.
        fonds: String,
        /// 类别号, level by level.
        class: Vec<String>,
        /// 件号.
        item: Serial,
    },
    /// A volume, or an item in it, by DA/T 13-2022: 全宗号-类别号-案卷号-件号.
    Volume {
        /// 全宗号.
        fonds: String,
        /// 类别号, level by level.
        class: Vec<String>,
        /// 案卷号.
        volume: Serial,
        /// 件号 or 页号.
        item: Option<Serial>,
    },
    /// A volume, or an item in it, of a numbered catalogue: 全宗号-目录号-案卷号-件号.
    Catalogue {
        /// 全宗号.
        fonds: String,
        /// 目录号.
        catalogue: String,
        /// 案卷号.
        volume: Serial,
        /// 件号 or 页号.
        item: Option<Serial>,
    },
}

/// Kinds of records that DA/T 13-2022 numbers item by item, where nothing else tells an item from a volume.
const ITEM_KINDS: [&str; 8] = ["WS", "LY", "LX", "SW", "WY", "MT", "YJ", "SJ"];

impl ArchivalCode {
    /// Reads a code in any of the grammars, whatever its dashes, dots and widths.
    ///
    /// ```
    /// use archive_core::reading::ArchivalCode;
    /// let code = ArchivalCode::read("Z109－WS•2011－Y－BGS－0001").unwrap();
    /// assert_eq!(code.to_string(), "Z109-WS·2011-Y-BGS-0001");
    /// ```
    pub fn read(written: &str) -> Option<Self> {
        let normal: String = written
            .chars()
            .map(fold)
            .filter(|c| *c != ' ')
            .map(|c| match c {
                '—' | '–' | '―' => '-',
                '.' => '·',
                c => c,
            })
            .collect();
        let parts: Vec<&str> = normal.split('-').collect();
        let (fonds, class, rest) = match parts.as_slice() {
            [fonds, class, rest @ ..] if is_fonds(fonds) && !rest.is_empty() && rest.len() <= 3 => {
                (*fonds, *class, rest)
            }
            _ => return None,
        };
        let levels: Vec<&str> = class.split('·').collect();
        if levels.len() > 6 || !levels.iter().all(|level| is_label(level)) {
            return None;
        }
        Self::filing_item(fonds, &levels, rest)
            .or_else(|| Self::by_catalogue(fonds, &levels, rest))
            .or_else(|| Self::by_class(fonds, &levels, rest))
    }

    fn filing_item(fonds: &str, levels: &[&str], rest: &[&str]) -> Option<Self> {
        let [category, year] = levels else { return None };
        let (period, section, item) = match rest {
            [period, item] => (*period, None, *item),
            [period, section, item] if is_label(section) => (*period, Some((*section).to_owned()), *item),
            _ => return None,
        };
        let year = year.parse().ok().filter(|year| year_like(*year))?;
        (is_period(period) && category.chars().all(|c| c.is_ascii_uppercase())).then_some(())?;
        Some(Self::FilingItem {
            fonds: fonds.to_owned(),
            category: (*category).to_owned(),
            year,
            period: period.to_owned(),
            section,
            item: serial(item)?,
        })
    }

    fn by_catalogue(fonds: &str, levels: &[&str], rest: &[&str]) -> Option<Self> {
        let [catalogue] = levels else { return None };
        if !catalogue.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let (volume, item) = volume_and_item(rest)?;
        Some(Self::Catalogue { fonds: fonds.to_owned(), catalogue: (*catalogue).to_owned(), volume, item })
    }

    fn by_class(fonds: &str, levels: &[&str], rest: &[&str]) -> Option<Self> {
        let (fonds, class): (String, Vec<String>) =
            (fonds.to_owned(), levels.iter().map(|level| (*level).to_owned()).collect());
        match rest {
            [item] if ITEM_KINDS.contains(levels.first()?) => {
                Some(Self::Item { fonds, class, item: serial(item)? })
            }
            _ => {
                let (volume, item) = volume_and_item(rest)?;
                Some(Self::Volume { fonds, class, volume, item })
            }
        }
    }

    /// 全宗号.
    pub fn fonds(&self) -> &str {
        match self {
            Self::FilingItem { fonds, .. }
            | Self::Item { fonds, .. }
            | Self::Volume { fonds, .. }
            | Self::Catalogue { fonds, .. } => fonds,
        }
    }

    /// The period its code tells: Y and D with years. C and a bare D clashed between offices and tell nothing.
    pub fn period(&self) -> Option<RetentionPeriod> {
        let told = |code: &str| match code.strip_prefix('D') {
            _ if code == "Y" => Some(RetentionPeriod::Permanent),
            Some(years) => years.parse().ok().filter(|years| *years > 0).map(RetentionPeriod::Years),
            None => None,
        };
        match self {
            Self::FilingItem { period, .. } => told(period),
            Self::Item { class, .. } | Self::Volume { class, .. } => {
                class.iter().skip(1).find_map(|level| told(level))
            }
            Self::Catalogue { .. } => None,
        }
    }
}

fn volume_and_item(rest: &[&str]) -> Option<(Serial, Option<Serial>)> {
    match rest {
        [volume] => Some((serial(volume)?, None)),
        [volume, item] => Some((serial(volume)?, Some(serial(item)?))),
        _ => None,
    }
}

fn is_fonds(text: &str) -> bool {
    (1..=10).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

fn is_label(text: &str) -> bool {
    (1..=20).contains(&text.chars().count()) && text.chars().all(char::is_alphanumeric)
}

fn is_period(code: &str) -> bool {
    matches!(code, "Y" | "C" | "D")
        || code
            .strip_prefix('D')
            .is_some_and(|years| years.len() <= 3 && years.parse::<u16>().is_ok_and(|years| years > 0))
}

const fn year_like(year: u16) -> bool {
    year >= 1000 && year <= 2999
}

fn serial(text: &str) -> Option<Serial> {
    if text.is_empty() || text.len() > 6 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let width = u8::try_from(text.len()).ok()?;
    Some(Serial { number: text.parse().ok().filter(|number| *number > 0)?, width })
}

impl fmt::Display for ArchivalCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tail = |f: &mut fmt::Formatter<'_>, volume: &Serial, item: &Option<Serial>| match item {
            Some(item) => write!(f, "-{volume}-{item}"),
            None => write!(f, "-{volume}"),
        };
        match self {
            Self::FilingItem { fonds, category, year, period, section, item } => {
                write!(f, "{fonds}-{category}·{year}-{period}-")?;
                if let Some(section) = section {
                    write!(f, "{section}-")?;
                }
                write!(f, "{item}")
            }
            Self::Item { fonds, class, item } => write!(f, "{fonds}-{}-{item}", class.join("·")),
            Self::Volume { fonds, class, volume, item } => {
                write!(f, "{fonds}-{}", class.join("·"))?;
                tail(f, volume, item)
            }
            Self::Catalogue { fonds, catalogue, volume, item } => {
                write!(f, "{fonds}-{catalogue}")?;
                tail(f, volume, item)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn kind(written: &str) -> &'static str {
        match ArchivalCode::read(written) {
            Some(ArchivalCode::FilingItem { .. }) => "filing item",
            Some(ArchivalCode::Item { .. }) => "item",
            Some(ArchivalCode::Volume { .. }) => "volume",
            Some(ArchivalCode::Catalogue { .. }) => "catalogue",
            None => "none",
        }
    }

    #[test]
    fn the_examples_of_the_standards_are_told_apart_and_written_back() {
        for (written, expected) in [
            ("Z109-WS·2011-Y-BGS-0001", "filing item"),
            ("Z109-WS·2011-D30-0001", "filing item"),
            ("J019-ZY·JC·CC·2019·D30-001-001", "volume"),
            ("J019-KU·01·2017-001-001", "volume"),
            ("A002-RS-001-002", "volume"),
            ("X032-KJ·KY·01-003", "volume"),
            ("X032-KJ·JJ·02-005-054", "volume"),
            ("K021-ZP·2019·D30-025-005", "volume"),
            ("C038-001-002-003", "catalogue"),
            ("J019-2004-001", "catalogue"),
            ("J019-2004·Y-001", "volume"),
            ("A439-WS·2015·D30·003-005", "item"),
            ("Z109-WS·2011·Y·办公室-0001", "item"),
            ("Z008-WS·2019·Y-037", "item"),
            ("C015-WY·TZGG·2019·D10-00001", "item"),
        ] {
            assert_eq!(kind(written), expected, "{written}");
            assert_eq!(ArchivalCode::read(written).unwrap().to_string(), written);
        }
    }

    #[test]
    fn what_is_no_code_is_refused() {
        for written in [
            "",
            "J019",
            "J019-2004",
            "J019-2004-",
            "J019-2004-000",
            "J019-2004-1-2-3",
            "-1-2",
            "J019--1",
            "J019-2004-甲",
        ] {
            assert_eq!(kind(written), "none", "{written}");
        }
    }

    #[test]
    fn only_sure_letters_tell_a_period() {
        let period = |written: &str| ArchivalCode::read(written).and_then(|code| code.period());
        assert_eq!(period("Z109-WS·2011-D30-BGS-0001"), Some(RetentionPeriod::Years(30)));
        assert_eq!(period("Z008-WS·2019·Y-037"), Some(RetentionPeriod::Permanent));
        assert_eq!(period("Z109-WS·2011-D-BGS-0001"), None);
        assert_eq!(period("C038-001-002-003"), None);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(
            fonds in "[A-Z][0-9]{3}", category in "[A-Z]{2}", year in 1900_u16..2100, section in "[A-Z]{3}",
            number in 1_u32..9999, width in 4_u8..6, form in 0..4,
        ) {
            let item = Serial { number, width };
            let volume = Serial { number: number % 997 + 1, width: 3 };
            let code = match form {
                0 => ArchivalCode::FilingItem { fonds, category, year, period: "D30".into(), section: Some(section), item },
                1 => ArchivalCode::Item { fonds, class: vec!["WS".into(), year.to_string(), "Y".into()], item },
                2 => ArchivalCode::Volume { fonds, class: vec!["KU".into(), year.to_string()], volume, item: Some(item) },
                _ => ArchivalCode::Catalogue { fonds, catalogue: year.to_string(), volume, item: None },
            };
            prop_assert_eq!(ArchivalCode::read(&code.to_string()), Some(code));
        }

        #[test]
        fn no_string_makes_it_fall_over(written in "\\PC{0,40}") {
            let _ = ArchivalCode::read(&written);
        }
    }
}
