//! What a paper looks like to someone comparing two descriptions of it.
//!
//! A line of a book and an item of the archive are brought to one form: the title without its author, without
//! 关于 and 的, without any mark, in folded characters and as pairs of neighbours; the numbers; the day.

use chrono::NaiveDate;

use super::BookEntry;
use crate::model::{DraftState, Item, SecrecyLevel};
use crate::reading::{DateReading, DocNumber, DocType, NumberUnit, RecordDate, TitleParts, whole_number};

/// A paper as it is compared.
#[derive(Debug, Clone)]
pub(super) struct Face<'a> {
    /// Its number, with its parts.
    pub(super) number: Option<&'a DocNumber>,
    /// Its title brought to one form; empty if there is none or it may not be used.
    pub(super) title: String,
    /// The pairs of neighbouring characters in that, sorted, each once.
    pub(super) pairs: Vec<u64>,
    /// The name of the periodical, of an issue of one; brought to the title's form.
    pub(super) periodical: String,
    /// The issue or session its title names: 第13期, （第十三期）.
    pub(super) issue: Option<(u32, NumberUnit)>,
    /// Its type, as the title tells.
    pub(super) doc_type: Option<DocType>,
    /// The day it was made.
    pub(super) made: Option<RecordDate>,
    /// The day it came in or went out, of a line.
    pub(super) passed: Option<RecordDate>,
    /// Its issuers.
    pub(super) bodies: &'a [String],
    /// Whether it is the paper itself, not a draft or an attachment.
    pub(super) is_print: bool,
}

impl<'a> Face<'a> {
    /// Of a line.
    pub(super) fn of_entry(entry: &'a BookEntry) -> Self {
        let mut face = Self::new(&entry.title, &entry.bodies, entry.number.as_ref());
        face.made = date(entry.date.reading);
        face.passed = date(entry.registered.reading);
        face
    }

    /// Of an item of the archive. A classified one shows no title.
    pub(super) fn of_item(item: &'a Item) -> Self {
        let open = item.secrecy.level == SecrecyLevel::None;
        let mut face = Self::new(if open { &item.title } else { "" }, &item.bodies, item.number.as_ref());
        face.made = date(item.date.reading);
        face.is_print &= matches!(item.state, None | Some(DraftState::Print));
        face
    }

    fn new(title: &'a str, bodies: &'a [String], number: Option<&'a DocNumber>) -> Self {
        let parts = TitleParts::of(title);
        let bare = without_author(&parts, bodies);
        let issue = issue(title);
        let in_form = |text: &str| -> String {
            let plain: String = text.chars().map(plain).filter(|c| *c != '\0').collect();
            plain.replace("关于", "").replace('的', "")
        };
        let is_issue =
            number.is_some_and(|number| number.parts.iter().any(|part| part.unit == NumberUnit::Issue));
        let periodical = if is_issue { in_form(super::sequence::periodical(bare)) } else { String::new() };
        let title = in_form(bare);
        Self {
            pairs: pairs(&title),
            title,
            periodical,
            issue,
            number: number.filter(|number| !number.original.is_empty()),
            doc_type: parts.doc_type,
            made: None,
            passed: None,
            bodies,
            is_print: parts.attachment.is_none(),
        }
    }

    /// The day nearest to its making that is known.
    pub(super) fn day(&self) -> Option<NaiveDate> {
        self.made.or(self.passed).map(RecordDate::first_day)
    }
}

const fn date(reading: DateReading) -> Option<RecordDate> {
    match reading {
        DateReading::On(date) => Some(date),
        // What ran over a time was done at its end.
        DateReading::Span(_, last) => Some(last),
        _ => None,
    }
}

/// The title without who it says it is by: registers have a column for that, and often leave it off here.
fn without_author<'a>(parts: &TitleParts<'a>, bodies: &[String]) -> &'a str {
    let bare = parts.bare;
    let author = parts
        .author
        .filter(|author| bare.starts_with(author) && author.len() < bare.len())
        .map_or(0, str::len);
    let named = bodies
        .iter()
        .filter(|body| bare.starts_with(body.as_str()) && body.len() < bare.len())
        .map(String::len)
        .max()
        .unwrap_or(0);
    bare.get(author.max(named)..).unwrap_or(bare)
}

/// The issue or session a title names.
fn issue(title: &str) -> Option<(u32, NumberUnit)> {
    title.split('第').skip(1).find_map(|after| {
        let end = after.find(['期', '次'])?;
        let unit = if after[end..].starts_with('期') { NumberUnit::Issue } else { NumberUnit::Session };
        let digits: String = after[..end].chars().map(crate::reading::fold).filter(|c| *c != ' ').collect();
        Some((whole_number(&digits)?, unit))
    })
}

/// One form for each character; marks and blanks are none.
fn plain(c: char) -> char {
    match crate::reading::fold(c) {
        '〇' | '○' => '0',
        folded if folded.is_alphanumeric() => folded.to_ascii_lowercase(),
        _ => '\0',
    }
}

/// The pairs of neighbouring characters, sorted, each once; of a single character, itself.
fn pairs(title: &str) -> Vec<u64> {
    let chars: Vec<char> = title.chars().collect();
    let pair = |a: char, b: char| (u64::from(u32::from(a)) << 32) | u64::from(u32::from(b));
    let mut pairs: Vec<u64> = match chars.as_slice() {
        [one] => vec![pair('\0', *one)],
        many => many.windows(2).map(|two| pair(two[0], two[1])).collect(),
    };
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}
