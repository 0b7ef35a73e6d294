//! Findings as people, scripts and spreadsheets read them.
//!
//! A finding becomes [`Told`]: its contract's JSON shape, in one language. Every form is rendered from that, so that a
//! report saved as JSON can be rendered again in any of them ([`saved`]). `human` is for the terminal, `short` is one line
//! each, for `grep` and editors; `csv` and `xlsx` are lists to work off. None is ever cut short.

mod human;
mod saved;
mod table;

use std::borrow::Cow;
use std::io::{IsTerminal as _, stdout};
use std::path::PathBuf;

use archive_core::finding::{Counts, Excerpt, Finding, Place, Severity};
use archive_core::text;
use archive_core::text::{Lang, Text};
use chrono::NaiveDate;
use clap::{Arg, ArgMatches, value_parser};
use serde::{Deserialize, Serialize};

use crate::args::pick;
use crate::error::CommandError;
use crate::files;
use crate::ui::Ui;

pub(crate) use human::{line, marked, width};
pub(crate) use saved::read as read_saved;

/// How findings are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// Several lines each, for reading.
    Human,
    /// One line each.
    Short,
    /// The contract's JSON.
    Json,
    /// A list, comma-separated.
    Csv,
    /// A list as a workbook.
    Xlsx,
}

impl Form {
    const ALL: [(&'static str, Self); 5] = [
        ("human", Self::Human),
        ("short", Self::Short),
        ("json", Self::Json),
        ("csv", Self::Csv),
        ("xlsx", Self::Xlsx),
    ];

    /// The form that was asked for.
    pub(crate) fn of(matches: &ArgMatches) -> Self {
        let word = matches.get_one::<String>("format").map_or("human", String::as_str);
        Self::ALL.into_iter().find(|(name, _)| *name == word).map_or(Self::Human, |(_, form)| form)
    }
}

/// `--format`.
pub(crate) fn format(lang: Lang) -> Arg {
    Arg::new("format")
        .long("format")
        .value_name(pick(lang, "样式", "FORM"))
        .value_parser(Form::ALL.map(|(name, _)| name))
        .default_value("human")
        .help(pick(
            lang,
            "human：供阅读；short：一条一行；json；csv、xlsx：列成表",
            "human: for reading; short: one line each; json; csv, xlsx: as a list",
        ))
}

/// `--out` of findings.
pub(crate) fn out(lang: Lang) -> Arg {
    Arg::new("out")
        .long("out")
        .value_name(pick(lang, "文件", "FILE"))
        .value_parser(value_parser!(PathBuf))
        .help(pick(lang, "问题清单写到这个文件", "Write the findings into this file"))
}

/// A finding in the contract's JSON shape, in one language.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Told<'a> {
    rule: Cow<'a, str>,
    severity: Severity,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    changed_from: Option<Severity>,
    #[serde(rename = "where", default)]
    place: Cow<'a, Place>,
    message: Cow<'a, str>,
    #[serde(default)]
    help: Cow<'a, str>,
    #[serde(default)]
    source: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    excerpt: Option<Cow<'a, Excerpt>>,
}

impl Told<'_> {
    /// How much it weighs.
    pub(crate) const fn severity(&self) -> Severity {
        self.severity
    }

    /// What the profile changed, if it did: 警告改为提示.
    fn change(&self) -> Option<Text> {
        let (from, to) = (self.changed_from?.word(), self.severity.word());
        let (from_zh, from_en, to_zh, to_en) = (from.zh, from.en, to.zh, to.en);
        Some(text!("规则集由{from_zh}改为{to_zh}", "{to_en} by the profile, {from_en} by the rule"))
    }
}

/// Findings in the contract's JSON shape.
pub(crate) fn told(findings: &[Finding], lang: Lang) -> Vec<Told<'_>> {
    findings
        .iter()
        .map(|finding| Told {
            rule: finding.rule.name().into(),
            severity: finding.severity,
            changed_from: finding.changed_from,
            place: Cow::Borrowed(&finding.place),
            message: finding.message.in_lang(lang).into(),
            help: match finding.command {
                None => finding.help.in_lang(lang).into(),
                Some(_) => finding.help_on_terminal().in_lang(lang).to_owned().into(),
            },
            source: finding.rule.rule().source.into(),
            excerpt: finding.excerpt.as_ref().map(Cow::Borrowed),
        })
        .collect()
}

/// How many of each severity.
pub(crate) fn counts(told: &[Told<'_>]) -> Counts {
    let of = |severity| told.iter().filter(|one| one.severity == severity).count();
    Counts { error: of(Severity::Error), warning: of(Severity::Warning), info: of(Severity::Info) }
}

/// Prints all findings for reading, and a line with their counts.
pub(crate) fn print(ui: &Ui, findings: &[Finding], form: Form) {
    if ui.is_json() {
        return;
    }
    let told = told(findings, ui.lang);
    for line in lines(&told, form, ui.lang) {
        ui.line(line);
    }
}

fn lines(told: &[Told<'_>], form: Form, lang: Lang) -> Vec<String> {
    match form {
        Form::Short => told.iter().map(|one| human::line_of(one, lang)).collect(),
        _ => human::report(told, lang, human::width()),
    }
}

/// Where findings go, and how.
pub(crate) struct Delivery<'a> {
    /// How they are shown.
    pub(crate) form: Form,
    /// The file they are written into; none for standard output.
    pub(crate) out: Option<&'a PathBuf>,
    /// Whose they are, for the head of a list.
    pub(crate) institution: &'a str,
    /// The day it is printed.
    pub(crate) printed_on: NaiveDate,
}

impl Delivery<'_> {
    /// Shows the findings; `document` is the JSON they are part of.
    pub(crate) fn carry_out(
        &self,
        ui: &Ui,
        told: &[Told<'_>],
        document: &impl Serialize,
    ) -> Result<(), CommandError> {
        if ui.is_json() && self.out.is_none() {
            return ui.json(document);
        }
        let bytes = match self.form {
            Form::Human | Form::Short => {
                let lines = lines(told, self.form, ui.lang);
                if self.out.is_none() {
                    for line in &lines {
                        ui.line(line);
                    }
                    return Ok(());
                }
                let text = lines.join("\n") + "\n";
                anstream::adapter::strip_str(&text).to_string().into_bytes()
            }
            Form::Json => Ui::json_text(document)?.into_bytes(),
            Form::Csv | Form::Xlsx => table::write(told, self, ui.lang)?,
        };
        let Some(path) = self.out else {
            if self.form == Form::Xlsx && stdout().is_terminal() {
                return Err(CommandError::usage(
                    Text::fixed("工作簿不能显示在终端上", "a workbook can't be shown on a terminal"),
                    Text::fixed("请用 --out 指明文件", "name a file with --out"),
                ));
            }
            return Ui::raw(&bytes).map_err(|error| CommandError::io(std::path::Path::new("stdout"), &error));
        };
        files::write(path, &bytes)?;
        let (count, path) = (told.len(), path.display());
        ui.note(&text!("{count} 个问题已写到 {path}", "{count} findings are in {path}"));
        Ok(())
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
