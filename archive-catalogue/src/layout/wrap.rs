//! Breaking a text into lines, as Chinese type is set.
//!
//! - Closing punctuation never begins a line and opening punctuation never ends one (避头尾); the
//!   character before goes down with it.
//! - Numbers, Latin words, codes (`J019-WS·2022·Y·办公室-0001`), dates (`2004、3、16`, `2004年3月16日`,
//!   `二〇〇四年三月十六日`) and the year and serial of a document number (`〔2004〕16号`) stay whole.
//! - What is whole and still wider than the line is broken where nothing else is left; the caller
//!   learns of it ([`Lines::forced`]) and may set the text smaller instead.
//!
//! Nothing is ever dropped but the single space a line ends with.

use std::ops::Range;

use super::{Measure, gap, is_han};
use crate::fonts::Role;

/// A text in lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lines {
    /// The lines, as places in the text.
    pub lines: Vec<Range<usize>>,
    /// Whether something had to be broken that should have stayed whole.
    pub forced: bool,
}

/// Breaks `text` into lines no wider than `width`, both in ems. An empty text has no line.
pub fn wrap(text: &str, role: Role, width: f64, measure: &dyn Measure) -> Lines {
    let mut setter = Setter { text, role, width, measure, lines: Vec::new(), forced: false, line: None };
    for cluster in clusters(text) {
        setter.add(cluster);
    }
    setter.finish()
}

struct Setter<'a> {
    text: &'a str,
    role: Role,
    width: f64,
    measure: &'a dyn Measure,
    lines: Vec<Range<usize>>,
    forced: bool,
    /// The line being filled: where it begins and ends, how wide it is, its last character.
    line: Option<(Range<usize>, f64, char)>,
}

impl Setter<'_> {
    fn add(&mut self, cluster: Range<usize>) {
        let words = &self.text[cluster.clone()];
        let (Some(first), Some(last)) = (words.chars().next(), words.chars().next_back()) else { return };
        // A space at the end of a line may hang out of it, so it is not measured there.
        let solid = words.trim_end_matches(' ');
        let needed = super::width_in_ems(solid, self.role, self.measure);
        let full = super::width_in_ems(words, self.role, self.measure);
        if let Some((range, so_far, before)) = &mut self.line {
            let joint = gap(*before, first);
            if *so_far + joint + needed <= self.width + 1e-9 {
                range.end = cluster.end;
                *so_far += joint + full;
                *before = last;
                return;
            }
            self.end_line();
        }
        if needed <= self.width + 1e-9 {
            self.line = Some((cluster, full, last));
        } else {
            self.break_by_force(cluster);
        }
    }

    /// Breaks what can't be kept whole between characters, never before one that draws nothing.
    fn break_by_force(&mut self, cluster: Range<usize>) {
        self.forced = true;
        let mut begin = cluster.start;
        let mut so_far = 0.0;
        let mut before: Option<char> = None;
        for (at, c) in self.text[cluster.clone()].char_indices() {
            let at = cluster.start + at;
            let advance = self.measure.advance(self.role, c);
            let joint = before.map_or(0.0, |before| gap(before, c));
            if advance > 0.0 && before.is_some() && so_far + joint + advance > self.width + 1e-9 {
                self.lines.push(begin..at);
                begin = at;
                so_far = advance;
            } else {
                so_far += joint + advance;
            }
            before = Some(c);
        }
        if let Some(last) = before {
            self.line = Some((begin..cluster.end, so_far, last));
        }
    }

    fn end_line(&mut self) {
        if let Some((range, _, _)) = self.line.take() {
            let kept = self.text[range.clone()].trim_end_matches(' ').len();
            if kept > 0 {
                self.lines.push(range.start..range.start + kept);
            }
        }
    }

    fn finish(mut self) -> Lines {
        self.end_line();
        Lines { lines: self.lines, forced: self.forced }
    }
}

/// Cuts a text into the pieces that should stay whole.
fn clusters(text: &str) -> Vec<Range<usize>> {
    let atoms = atoms(text);
    let mut clusters: Vec<Range<usize>> = Vec::with_capacity(atoms.len());
    for atom in atoms {
        let first = text[atom.clone()].chars().next();
        let before = clusters.last().and_then(|cluster| {
            let words = &text[cluster.clone()];
            // A space between an opening bracket and what follows parts them no more than none would.
            words.trim_end_matches(' ').chars().next_back().or_else(|| words.chars().next_back())
        });
        match (clusters.last_mut(), before, first) {
            (Some(cluster), Some(before), Some(first)) if !may_break(before, first) => {
                cluster.end = atom.end;
            }
            _ => clusters.push(atom),
        }
    }
    clusters
}

/// Cuts a text into words, numbers and dates, years in brackets, and single characters.
fn atoms(text: &str) -> Vec<Range<usize>> {
    let mut atoms = Vec::new();
    let mut rest = text;
    let mut at = 0;
    while let Some(first) = rest.chars().next() {
        let length = bracketed_number(rest)
            .or_else(|| number(rest))
            .or_else(|| spelled_date(rest))
            .or_else(|| word(rest))
            .or_else(|| Some(super::script::word(rest)).filter(|length| *length > 0))
            .unwrap_or(first.len_utf8());
        atoms.push(at..at + length);
        at += length;
        rest = &rest[length..];
    }
    atoms
}

/// How many bytes of digits a text begins with, in either width.
fn digits(text: &str) -> usize {
    text.chars().take_while(|c| matches!(c, '0'..='9' | '０'..='９')).map(char::len_utf8).sum()
}

/// `〔2004〕16号`, `[2004]16号`, `（2004）第16号`.
fn bracketed_number(text: &str) -> Option<usize> {
    let open = text.chars().next().filter(|c| matches!(c, '〔' | '[' | '［' | '(' | '（' | '【'))?;
    let year = digits(&text[open.len_utf8()..]);
    let close_at = open.len_utf8() + year;
    let close =
        text[close_at..].chars().next().filter(|c| matches!(c, '〕' | ']' | '］' | ')' | '）' | '】'))?;
    if text[open.len_utf8()..close_at].chars().count() != 4 {
        return None;
    }
    let mut end = close_at + close.len_utf8();
    if text[end..].starts_with('第') {
        end += '第'.len_utf8();
    }
    let serial = digits(&text[end..]);
    end += serial;
    if serial > 0 && text[end..].starts_with('号') {
        end += '号'.len_utf8();
    }
    Some(end)
}

/// `2004年3月16日`, `2004 年 3 月 16 日`, `2004、3、16`, `1,200.50%`, `1990-01-01`, `16号`.
fn number(text: &str) -> Option<usize> {
    let mut end = digits(text);
    if end == 0 {
        return None;
    }
    loop {
        let rest = &text[end..];
        let unit = rest.strip_prefix(' ').filter(|rest| rest.starts_with(['年', '月', '日']));
        let space = usize::from(unit.is_some());
        let Some(sign) = rest[space..].chars().next() else { break };
        let after = end + space + sign.len_utf8();
        let next = text[after..].strip_prefix(' ').filter(|_| space > 0).unwrap_or(&text[after..]);
        let after_space = text.len() - next.len();
        let more = digits(next);
        match sign {
            '、' | '.' | ',' | '/' | '-' | '－' | '·' | ':' | '年' | '月' if more > 0 => {
                end = after_space + more;
            }
            '年' | '月' | '日' | '号' | '%' | '％' | '℃' => {
                end = after;
                break;
            }
            _ => break,
        }
    }
    // A number that runs on into Latin letters is one word with them (16K, 2004A).
    Some(end + word(&text[end..]).unwrap_or(0))
}

/// `二〇〇四年三月十六日`, `二〇〇四年三月`, `二〇〇四年`, `三月十六日`, `十六日`.
fn spelled_date(text: &str) -> Option<usize> {
    let numerals = |text: &str, most: usize| -> usize {
        let numeral = |c: &char| "〇○零一二三四五六七八九十".contains(*c);
        let run: Vec<char> = text.chars().take_while(numeral).collect();
        if run.len() > most { 0 } else { run.iter().map(|c| c.len_utf8()).sum() }
    };
    let mut end = 0;
    for (unit, most) in [('年', 4), ('月', 2), ('日', 3)] {
        let run = numerals(&text[end..], most);
        if run > 0 && text[end + run..].starts_with(unit) {
            end += run + unit.len_utf8();
        }
    }
    (end > 0).then_some(end)
}

/// A Latin word with the digits and joints inside it, or a code with the name of an office in it.
fn word(text: &str) -> Option<usize> {
    let inside =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '/' | '@' | '\'' | '&' | '·');
    if !text.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let run = |text: &str| text.chars().take_while(|c| inside(*c)).map(char::len_utf8).sum::<usize>();
    let end = run(text);
    if text[..end].ends_with('·') {
        let office = text[end..].chars().take_while(|c| is_han(*c)).map(char::len_utf8).sum::<usize>();
        let rest = &text[end + office..];
        if office > 0 && rest.starts_with('-') && digits(&rest[1..]) > 0 {
            return Some(end + office + run(rest));
        }
    }
    Some(end)
}

/// Whether a line may end after `before` and the next begin with `after`.
fn may_break(before: char, after: char) -> bool {
    !never_ends_a_line(before) && !never_begins_a_line(after)
}

/// 避尾: what opens, and signs that belong to the number behind them.
pub(super) fn never_ends_a_line(c: char) -> bool {
    matches!(
        c,
        '（' | '《'
            | '〈'
            | '「'
            | '『'
            | '【'
            | '〔'
            | '〖'
            | '［'
            | '｛'
            | '“'
            | '‘'
            | '('
            | '['
            | '{'
            | '｢'
            | '〝'
            | '«'
            | '￥'
            | '¥'
            | '$'
            | '№'
            | '#'
            | '第'
    )
}

/// 避头: what closes or follows, and marks that belong to the character before them.
pub(super) fn never_begins_a_line(c: char) -> bool {
    matches!(
        c,
        '，' | '。'
            | '、'
            | '；'
            | '：'
            | '？'
            | '！'
            | '）'
            | '》'
            | '〉'
            | '」'
            | '』'
            | '】'
            | '〕'
            | '〗'
            | '］'
            | '｝'
            | '”'
            | '’'
            | '…'
            | '—'
            | '～'
            | '·'
            | '%'
            | '％'
            | '℃'
            | '．'
            | '‥'
            | '―'
            | '–'
            | '•'
            | '‧'
            | '・'
            | '／'
            | '/'
            | '〃'
            | '〞'
            | '〟'
            | '»'
            | '｡'
            | '､'
            | '｣'
            | '‰'
            | '°'
            | '′'
            | '″'
            | '々'
            | ')'
            | ']'
            | '}'
            | ','
            | '.'
            | ';'
            | ':'
            | '?'
            | '!'
            | ' '
    ) || is_combining(c)
}

/// Marks drawn on the character before, and selectors of its form.
fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{F35}' | '\u{F37}' | '\u{F39}' | '\u{F71}'..='\u{F84}' | '\u{F8D}'..='\u{FBC}'
        | '\u{64B}'..='\u{65F}' | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{20D0}'..='\u{20FF}'
        | '\u{302A}'..='\u{302F}' | '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tests::Plain;
    use super::*;

    fn lines(text: &str, width: f64) -> Vec<&str> {
        wrap(text, Role::Song, width, &Plain).lines.into_iter().map(|line| &text[line]).collect()
    }

    #[test]
    fn punctuation_stays_with_what_it_belongs_to() {
        assert_eq!(lines("关于印发《防汛预案》的通知", 5.0), ["关于印发", "《防汛预", "案》的通知"]);
        assert_eq!(lines("防汛、抗旱、救灾", 2.0), ["防", "汛、", "抗", "旱、", "救灾"]);
    }

    #[test]
    fn dates_and_numbers_stay_whole() {
        assert_eq!(lines("建政办〔2004〕16号", 6.2), ["建政办", "〔2004〕16号"]);
        assert_eq!(lines("自2004年3月16日起", 7.0), ["自", "2004年3月16日", "起"]);
        assert_eq!(lines("2004、3、16", 8.0), ["2004、3、16"]);
        assert_eq!(lines("拨款1,200.50元", 5.0), ["拨款", "1,200.50", "元"]);
        assert_eq!(lines("自２００４年３月起", 7.0), ["自", "２００４年３月", "起"]);
        assert_eq!(lines("自2004 年 3 月 16 日起", 9.5), ["自", "2004 年 3 月 16 日", "起"]);
        assert_eq!(lines("关于二〇〇四年三月十六日暴雨", 10.0), ["关于", "二〇〇四年三月十六日", "暴雨"]);
        assert_eq!(lines("见J019-WS·2022·Y·办公室-0001号", 15.0), ["见", "J019-WS·2022·Y·办公室-0001", "号"]);
    }

    #[test]
    fn what_cannot_stay_whole_is_broken_and_said() {
        let broken = wrap("20040316", Role::Song, 2.0, &Plain);
        assert!(broken.forced);
        assert_eq!(lines("20040316", 2.0), ["2004", "0316"]);
        assert_eq!(lines("档", 0.5), ["档"], "one character always stands, even where it is too wide");
    }

    #[test]
    fn a_space_at_the_end_of_a_line_is_let_go() {
        assert_eq!(lines("ab cd ef", 2.5), ["ab cd", "ef"]);
        assert_eq!(lines("", 5.0), [""; 0]);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_no_line_is_too_wide(
            text in "[关于防汛（）《》，。、〔〕“”0-9a-z年月日号 第𬱖-]{0,80}",
            width in 1u32..30,
        ) {
            let width = f64::from(width);
            let text = super::super::printable(&text);
            let set = wrap(&text, Role::Song, width, &Plain);
            let kept: String = set.lines.iter().map(|line| &text[line.clone()]).collect();
            let without = |text: &str| text.replace(' ', "");
            prop_assert_eq!(without(&kept), without(&text));
            for line in &set.lines {
                prop_assert!(!line.is_empty());
                prop_assert!(
                    crate::layout::width_in_ems(&text[line.clone()], Role::Song, &Plain) <= width + 1e-6
                        || text[line.clone()].chars().count() == 1
                );
            }
            if !set.forced {
                for line in set.lines.iter().skip(1) {
                    let first = text[line.clone()].chars().next().unwrap();
                    prop_assert!(!never_begins_a_line(first), "{:?}", &text[line.clone()]);
                }
                for line in set.lines.iter().rev().skip(1) {
                    let last = text[line.clone()].chars().next_back().unwrap();
                    prop_assert!(!never_ends_a_line(last), "{:?}", &text[line.clone()]);
                }
            }
        }
    }
}
