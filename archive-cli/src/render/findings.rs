//! Findings as people and scripts read them.
//!
//! `human` is for the terminal: what, where, by which clause, what to do. `short` is one line each,
//! for `grep` and editors. Neither is ever cut short.

use archive_core::finding::{Counts, Finding, Place, Severity};
use archive_core::text;
use archive_core::text::{Lang, Text};
use serde::Serialize;

use crate::ui::{Ui, style_of};

/// How findings are shown on the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// Several lines each, for reading.
    Human,
    /// One line each.
    Short,
}

/// A finding in the contract's JSON shape, in one language.
#[derive(Debug, Serialize)]
pub(crate) struct Told<'a> {
    rule: &'a str,
    severity: Severity,
    #[serde(rename = "where")]
    place: &'a Place,
    message: &'a str,
    help: &'a str,
    source: &'a str,
}

/// Findings in the contract's JSON shape.
pub(crate) fn told(findings: &[Finding], lang: Lang) -> Vec<Told<'_>> {
    findings
        .iter()
        .map(|finding| Told {
            rule: finding.rule.name(),
            severity: finding.severity,
            place: &finding.place,
            message: finding.message.in_lang(lang),
            help: finding.help.in_lang(lang),
            source: finding.rule.rule().source,
        })
        .collect()
}

/// Prints all findings, and a line with their counts.
pub(crate) fn print(ui: &Ui, findings: &[Finding], form: Form) {
    for finding in findings {
        match form {
            Form::Human => human(ui, finding),
            Form::Short => ui.line(line(finding, ui.lang)),
        }
    }
    if form == Form::Human {
        ui.tell(&summary(Counts::of(findings)));
    }
}

/// The counts in a sentence.
pub(crate) fn summary(counts: Counts) -> Text {
    let Counts { error, warning, info } = counts;
    if error + warning + info == 0 {
        return Text::fixed("没有发现问题", "nothing was found amiss");
    }
    text!(
        "错误 {error} 项，警告 {warning} 项，提示 {info} 项",
        "errors: {error}, warnings: {warning}, advice: {info}"
    )
}

fn human(ui: &Ui, finding: &Finding) {
    let (word, style) = (finding.severity.word(), style_of(finding.severity));
    let place = place(&finding.place, ui.lang);
    let source = finding.rule.rule().source;
    let (colon, todo, by) = match ui.lang {
        Lang::Zh => ("：", "处理", "依据"),
        Lang::En => (": ", "what to do", "source"),
    };
    ui.line(format!("{style}{}{style:#} {} {place}", ui.say(&word), finding.rule));
    ui.line(format!("  {}", ui.say(&finding.message)));
    if !ui.say(&finding.help).is_empty() {
        ui.line(format!("  {todo}{colon}{}", ui.say(&finding.help)));
    }
    ui.line(format!("  {by}{colon}{source}"));
    ui.line("");
}

/// A finding in one line.
pub(crate) fn line(finding: &Finding, lang: Lang) -> String {
    let word = finding.severity.word();
    let place = place(&finding.place, lang);
    format!("{place}: {} {}: {}", word.in_lang(lang), finding.rule, finding.message.in_lang(lang))
}

/// A place in words: file and cell, or volume, item and field.
pub(crate) fn place(place: &Place, lang: Lang) -> String {
    let mut parts = Vec::new();
    if let Some(file) = &place.file {
        parts.push(file.clone());
    }
    if let Some(row) = place.row {
        parts.push(match lang {
            Lang::Zh => format!("第 {row} 行"),
            Lang::En => format!("row {row}"),
        });
    }
    if let Some(column) = &place.column {
        parts.push(match lang {
            Lang::Zh => format!("“{column}”列"),
            Lang::En => format!("column “{column}”"),
        });
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
    if let Some(field) = place.field.as_ref().filter(|field| place.column.as_ref() != Some(field)) {
        parts.push(field.clone());
    }
    parts.join(" › ")
}
