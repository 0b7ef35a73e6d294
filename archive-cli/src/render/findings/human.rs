//! Findings for reading, at the width of the terminal.
//!
//! Each says how much it weighs, where it is, what was seen, and what to do. The cell of a register is shown with a mark
//! under the wrong part, as wide as the characters are (汉字 take two columns). Findings stand below the volume or sheet they
//! are in; what to do isn't said again while it is still in sight, and the clauses stand together at the end, so that
//! a long report stays short enough to be read.

use anstyle::Style;
use archive_core::finding::{Excerpt, Finding, Place};
use archive_core::rules::RuleId;
use archive_core::text;
use archive_core::text::Lang;
use textwrap::{Options, WordSeparator, WordSplitter};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::{Told, counts, summary};
use crate::ui::style_of;

/// The columns of the terminal; 80 where there is none. Longer lines than 100 columns are hard to read.
pub(crate) fn width() -> usize {
    let columns = terminal_size::terminal_size().map_or(80, |(width, _)| usize::from(width.0));
    columns.clamp(40, 100)
}

/// How many findings back the same advice is still before the reader's eyes.
const IN_SIGHT: usize = 6;

/// The whole report, a line each: under the volume, or the sheet of a register, what was found in it.
pub(super) fn report(told: &[Told<'_>], lang: Lang, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut group: Option<String> = None;
    for (at, one) in told.iter().enumerate() {
        let own = heading(&one.place, lang);
        let again = own == group;
        if !again {
            if let Some(heading) = &own {
                let bold = Style::new().bold();
                // The name of a file is one piece, to be copied.
                let shown = if one.place.file.is_some() {
                    vec![heading.clone()]
                } else {
                    wrapped(heading, "", "  ", width)
                };
                lines.extend(shown.iter().map(|line| format!("{bold}{line}{bold:#}")));
            }
            group = own;
        }
        let indent = if group.is_some() { "  " } else { "" };
        let in_sight = &told[at.saturating_sub(IN_SIGHT)..at];
        let said = in_sight.iter().any(|before| before.rule == one.rule && before.help == one.help)
            && (again || in_sight.last().is_some_and(|before| before.rule == one.rule));
        finding(one, indent, said, lang, width, &mut lines);
    }
    clauses(told, lang, width, &mut lines);
    lines.push(summary(counts(told)).in_lang(lang).to_owned());
    lines
}

/// What several findings have in common: the sheet of a register, or the volume.
fn heading(place: &Place, lang: Lang) -> Option<String> {
    if let Some(file) = &place.file {
        return Some(place.sheet.as_ref().map_or_else(|| file.clone(), |sheet| format!("{file} › {sheet}")));
    }
    place.volume.as_ref().map(|volume| match lang {
        Lang::Zh => format!("案卷 {volume}"),
        Lang::En => format!("Volume {volume}"),
    })
}

fn finding(one: &Told<'_>, indent: &str, said: bool, lang: Lang, width: usize, lines: &mut Vec<String>) {
    let (word, style) = (one.severity.word(), style_of(one.severity));
    let word = word.in_lang(lang);
    let change = one.change().map_or_else(String::new, |text| match lang {
        Lang::Zh => format!("（{}）", text.zh),
        Lang::En => format!(" ({})", text.en),
    });
    // What the heading says already isn't said again.
    let below = if one.place.file.is_some() {
        Place { file: None, sheet: None, ..one.place.clone().into_owned() }
    } else {
        Place { volume: None, ..one.place.clone().into_owned() }
    };
    let below = if below == Place::default() { String::new() } else { format!("  {}", place(&below, lang)) };
    let head = format!("{word} {}{below}{change}", one.rule);
    let mut head = wrapped(&head, indent, &format!("{indent}        "), width).into_iter();
    if let Some(first) = head.next() {
        let rest = first.trim_start().strip_prefix(word).unwrap_or(&first).to_owned();
        lines.push(format!("{indent}{style}{word}{style:#}{rest}"));
    }
    lines.extend(head);
    let deeper = format!("{indent}  ");
    lines.extend(wrapped(&one.message, &deeper, &deeper, width));
    if let Some((text, mark)) = one.excerpt.as_ref().map(|excerpt| marked(excerpt, lang, width)) {
        lines.push(format!("{deeper}  {text}"));
        lines.push(format!("{deeper}  {style}{mark}{style:#}"));
    }
    if !one.help.is_empty() && !said {
        let label = match lang {
            Lang::Zh => format!("{deeper}处理："),
            Lang::En => format!("{deeper}what to do: "),
        };
        lines.extend(wrapped(&one.help, &label, &" ".repeat(label.width()), width));
    }
    lines.push(String::new());
}

/// The clauses of all rules that were breached, each once.
fn clauses(told: &[Told<'_>], lang: Lang, width: usize, lines: &mut Vec<String>) {
    let mut rules: Vec<(Option<RuleId>, &str, &str)> =
        told.iter().map(|one| (one.rule.parse().ok(), one.rule.as_ref(), one.source.as_ref())).collect();
    rules.sort_unstable();
    rules.dedup();
    if rules.is_empty() {
        return;
    }
    lines.push(match lang {
        Lang::Zh => "依据（archive explain 规则 可看全文）：".to_owned(),
        Lang::En => "Clauses (archive explain RULE tells more):".to_owned(),
    });
    for (_, rule, source) in rules {
        lines.extend(wrapped(source, &format!("  {rule:<4}"), "      ", width));
    }
    lines.push(String::new());
}

/// A cell with a line of marks under its wrong part; cut at both sides where it is too wide.
pub(crate) fn marked(excerpt: &Excerpt, lang: Lang, width: usize) -> (String, String) {
    let columns = |text: &[char]| text.iter().map(|c| c.width().unwrap_or(0)).sum::<usize>();
    // Nothing a cell holds may move the cursor.
    let chars: Vec<char> =
        excerpt.text.chars().map(|c| if c.width().is_none() { '\u{fffd}' } else { c }).collect();
    if chars.is_empty() {
        let empty = match lang {
            Lang::Zh => "（空）",
            Lang::En => "(empty)",
        };
        return (empty.to_owned(), "^".repeat(empty.width()));
    }
    let start = excerpt.start.min(chars.len());
    let end = excerpt.end.clamp(start, chars.len());
    let room = width.saturating_sub(8).max(20);
    let (mut from, mut to) = (0, chars.len());
    while columns(&chars[from..to]) + 2 > room && from < start && columns(&chars[from..start]) > room / 3 {
        from += 1;
    }
    while columns(&chars[from..to]) + 2 > room && to > from + 1 {
        to -= 1;
    }
    let (before, after) = (if from > 0 { "…" } else { "" }, if to < chars.len() { "…" } else { "" });
    let shown: String = chars[from..to].iter().collect();
    let blank = before.width() + columns(&chars[from..start.max(from)]);
    let wrong = columns(&chars[start.clamp(from, to)..end.clamp(from, to)]).max(1);
    (format!("{before}{shown}{after}"), format!("{}{}", " ".repeat(blank), "^".repeat(wrong)))
}

/// Lines no wider than the terminal; Chinese breaks anywhere but before its punctuation.
fn wrapped(text: &str, first: &str, rest: &str, width: usize) -> Vec<String> {
    let options = Options::new(width)
        .initial_indent(first)
        .subsequent_indent(rest)
        .word_separator(WordSeparator::UnicodeBreakProperties)
        .word_splitter(WordSplitter::NoHyphenation)
        .wrap_algorithm(textwrap::WrapAlgorithm::FirstFit);
    textwrap::wrap(text, options).into_iter().map(std::borrow::Cow::into_owned).collect()
}

/// A finding in one line.
pub(crate) fn line(finding: &Finding, lang: Lang) -> String {
    super::told(std::slice::from_ref(finding), lang).first().map(|one| line_of(one, lang)).unwrap_or_default()
}

pub(super) fn line_of(one: &Told<'_>, lang: Lang) -> String {
    let word = one.severity.word();
    let change =
        one.changed_from.map_or_else(String::new, |from| format!("(<{})", from.word().in_lang(lang)));
    let place = place(&one.place, lang);
    format!("{place}: {}{change} {}: {}", word.in_lang(lang), one.rule, one.message)
}

/// A place in words: file and cell, or volume, item and field.
pub(super) fn place(place: &Place, lang: Lang) -> String {
    let mut parts: Vec<String> = [&place.file, &place.sheet].into_iter().flatten().cloned().collect();
    match (&place.cell, place.row, &place.column) {
        (Some(cell), _, Some(column)) => parts.push(match lang {
            Lang::Zh => format!("{cell}（{column}）"),
            Lang::En => format!("{cell} ({column})"),
        }),
        (cell, row, column) => {
            parts.extend(cell.clone());
            parts.extend(row.map(|row| match lang {
                Lang::Zh => format!("第 {row} 行"),
                Lang::En => format!("row {row}"),
            }));
            parts.extend(column.as_ref().map(|column| match lang {
                Lang::Zh => format!("“{column}”列"),
                Lang::En => format!("column “{column}”"),
            }));
        }
    }
    if let Some(volume) = &place.volume {
        parts.push(match lang {
            Lang::Zh => format!("案卷 {volume}"),
            Lang::En => format!("volume {volume}"),
        });
    }
    if let Some(item) = &place.item {
        // An archival code names an item; before it has one, its row number in the register does.
        let is_code = item.contains('-');
        parts.push(match (lang, is_code) {
            (Lang::Zh, true) => format!("件 {item}"),
            (Lang::En, true) => format!("item {item}"),
            (Lang::Zh, false) => format!("序号 {item}"),
            (Lang::En, false) => format!("register no. {item}"),
        });
    }
    parts.extend(place.year.map(|year| match lang {
        Lang::Zh => format!("{year} 年度"),
        Lang::En => format!("the year {year}"),
    }));
    let told = place.cell.is_some() || place.column.is_some() || place.year.is_some();
    parts.extend(place.field.clone().filter(|_| !told));
    if parts.is_empty() {
        parts.push(text!("全部", "everything").in_lang(lang).to_owned());
    }
    parts.join(" › ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, part: &str, width: usize) -> String {
        let (text, mark) = marked(&Excerpt::part(text, part), Lang::Zh, width);
        format!("{text}\n{mark}")
    }

    #[test]
    fn the_mark_stands_under_the_wrong_part_whatever_its_width() {
        assert_eq!(shown("2004年13月", "13", 80), "2004年13月\n      ^^");
        assert_eq!(shown("二〇〇四年十三月", "十三", 80), "二〇〇四年十三月\n          ^^^^");
        assert_eq!(shown("", "", 80), "（空）\n^^^^^^");
        assert_eq!(shown("甲\u{1b}[31m乙", "乙", 80), "甲\u{fffd}[31m乙\n       ^^");
    }

    #[test]
    fn a_cell_too_wide_for_the_terminal_is_cut_around_the_mark() {
        let long = format!("{}错{}", "前".repeat(60), "后".repeat(60));
        let both = shown(&long, "错", 60);
        let (text, mark) = both.split_once('\n').unwrap_or_default();
        assert!(text.width() <= 56 && text.starts_with('…') && text.ends_with('…'), "{both}");
        let at = text.split('错').next().unwrap_or_default().width();
        assert_eq!(mark, format!("{}^^", " ".repeat(at)));
    }

    #[test]
    fn no_line_is_wider_than_the_terminal_or_begins_with_punctuation() {
        let text = "照原件补上；原件没有的，题名自拟加 [ ]，日期考证加 [ ]，考不出的写“不详”。".repeat(4);
        for width in 40..100 {
            for line in wrapped(&text, "  处理：", "  ", width) {
                assert!(line.width() <= width, "{line}");
                assert!(!line.trim_start().starts_with(['，', '。', '；']), "{line}");
            }
        }
    }
}
