//! xlsx: the words in the cells, a page a sheet. (Registers are read elsewhere; this is for finding.)

use chrono::{Days, NaiveDate, NaiveTime};

use super::guard::Watch;
use super::package::Package;
use super::xml::Element;
use super::{NoText, Page, Read, TextSource};

pub(super) fn read(bytes: &[u8], watch: &Watch) -> Result<Read, NoText> {
    let mut package = Package::open(bytes, watch)?;
    let shared: Vec<String> = match package.xml("xl/sharedStrings.xml")? {
        Some(list) => list.elements().filter(|element| element.name == "si").map(words).collect(),
        None => Vec::new(),
    };
    let dates = match package.xml("xl/styles.xml")? {
        Some(styles) => Dates::of(&styles),
        None => Dates::default(),
    };
    let mut sheets: Vec<(u32, String)> = package
        .names()
        .into_iter()
        .filter_map(|name| {
            let number = name.strip_prefix("xl/worksheets/sheet")?.strip_suffix(".xml")?.parse().ok()?;
            Some((number, name))
        })
        .collect();
    sheets.sort();
    let mut read = Read::default();
    for (page, (_, name)) in (1..).zip(sheets) {
        watch.check()?;
        let Some(sheet) = package.xml(&name)? else { continue };
        let mut rows = Vec::new();
        sheet.all("row", &mut rows);
        let mut text = String::new();
        for row in rows {
            for cell in row.elements().filter(|element| element.name == "c") {
                let value = cell.first("v").map(Element::text).unwrap_or_default();
                let shown = match cell.get("t") {
                    Some("s") => value.parse().ok().and_then(|at: usize| shared.get(at)).cloned(),
                    Some("inlineStr") => cell.first("is").map(words),
                    None | Some("n") => Some(dates.shown(cell, value)),
                    _ => Some(value),
                };
                text.push_str(&shown.unwrap_or_default().replace('\n', " "));
                text.push('\t');
            }
            text.push('\n');
        }
        read.pages.push(Page::of_text(page, &text, TextSource::BornDigital));
    }
    Ok(read)
}

/// Which styles show a number as a date: a workbook keeps a date as the days since 1900.
#[derive(Default)]
struct Dates(Vec<bool>);

impl Dates {
    fn of(styles: &Element) -> Self {
        let mut formats = Vec::new();
        styles.all("numFmt", &mut formats);
        let own = |id: u32| {
            let format = formats
                .iter()
                .find(|format| format.get("numFmtId").and_then(|own| own.parse().ok()) == Some(id));
            format.and_then(|format| format.get("formatCode")).is_some_and(is_date_format)
        };
        let mut lists = Vec::new();
        styles.all("cellXfs", &mut lists);
        let of_style = |style: &Element| {
            let id = style.get("numFmtId").and_then(|id| id.parse().ok()).unwrap_or_default();
            // ECMA-376, 18.8.30: those of every language, and those of Chinese.
            matches!(id, 14..=17 | 22 | 27..=31 | 36 | 50..=54 | 57 | 58) || own(id)
        };
        let styles = lists.iter().flat_map(|list| list.elements()).filter(|style| style.name == "xf");
        Self(styles.map(of_style).collect())
    }

    /// A number as the cell shows it, as far as finding it goes: a date as a date.
    fn shown(&self, cell: &Element, value: String) -> String {
        let style: Option<usize> = cell.get("s").and_then(|style| style.parse().ok());
        let is_date = style.and_then(|style| self.0.get(style)).copied().unwrap_or_default();
        let date = value.parse().ok().filter(|_| is_date).and_then(serial_date);
        date.unwrap_or(value)
    }
}

/// Whether a format code has a year or a day in it, outside of quotes and brackets.
fn is_date_format(code: &str) -> bool {
    let (mut quoted, mut bracketed, mut escaped) = (false, false, false);
    code.chars().any(|ch| {
        let counts = !quoted && !bracketed && !std::mem::take(&mut escaped);
        match ch {
            '"' => quoted = !quoted,
            '[' if !quoted => bracketed = true,
            ']' => bracketed = false,
            '\\' => escaped = true,
            _ => {}
        }
        counts && matches!(ch, 'y' | 'Y' | 'd' | 'D')
    })
}

/// A day, and its time where it has one, by the days since 30 December 1899.
pub(super) fn serial_date(serial: f64) -> Option<String> {
    if !(1.0..2_958_466.0).contains(&serial) {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "within the days of a calendar"
    )]
    let (days, seconds) = (serial as u64, (serial.fract() * 86_400.0).round() as u32);
    let day = NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(days))?;
    let time = NaiveTime::from_num_seconds_from_midnight_opt(seconds, 0).filter(|_| seconds > 0);
    Some(time.map_or_else(|| day.to_string(), |time| format!("{day} {}", time.format("%H:%M"))))
}

/// The words of a string, without the readings that stand over them.
fn words(string: &Element) -> String {
    let mut out = String::new();
    for element in string.elements() {
        match element.name.as_str() {
            "t" => out.push_str(&element.text()),
            "r" => out.push_str(&element.first("t").map(Element::text).unwrap_or_default()),
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_in_a_format_of_days_is_a_date() {
        for code in ["yyyy-mm-dd", "yyyy\"年\"m\"月\"d\"日\";@", "[$-804]d/m/yy"] {
            assert!(is_date_format(code), "{code}");
        }
        for code in ["0.00", "#,##0\"day\"", "[Red]0", "\\y0", "General"] {
            assert!(!is_date_format(code), "{code}");
        }
        assert_eq!(serial_date(38_488.0).as_deref(), Some("2005-05-16"));
        assert_eq!(serial_date(38_488.354_166_666_664).as_deref(), Some("2005-05-16 08:30"));
        assert_eq!(serial_date(0.5), None);
    }
}
