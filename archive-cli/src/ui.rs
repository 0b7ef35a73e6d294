//! The only place that writes to the terminal.
//!
//! Data goes to standard output, everything else to standard error; with `--json` standard output
//! holds one JSON document and nothing else. Progress shows on a terminal only. Nobody is left with a
//! half-written line when a pipe closes early: the command just stops writing.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use archive_core::finding::Severity;
use archive_core::text::{Lang, Text};
use archive_store::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;

use crate::error::{CommandError, Kind};

/// How results are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Output {
    /// For people.
    Human,
    /// One JSON document.
    Json,
    /// Nothing but remarks: for a command that runs others.
    Silent,
}

/// The terminal, as commands see it.
#[derive(Debug)]
pub(crate) struct Ui {
    /// The reader's language.
    pub(crate) lang: Lang,
    output: Output,
}

impl Ui {
    /// A terminal for a reader of `lang`.
    pub(crate) const fn new(lang: Lang, output: Output) -> Self {
        Self { lang, output }
    }

    /// The same terminal without results: they are the caller's to tell.
    pub(crate) const fn silent(&self) -> Self {
        Self { lang: self.lang, output: Output::Silent }
    }

    /// The same terminal with one JSON document as its result.
    pub(crate) const fn in_json(&self) -> Self {
        Self { lang: self.lang, output: Output::Json }
    }

    /// Whether standard output is one JSON document.
    pub(crate) fn is_json(&self) -> bool {
        self.output == Output::Json
    }

    /// One of two wordings, by language.
    pub(crate) fn say<'a>(&self, text: &'a Text) -> &'a str {
        text.in_lang(self.lang)
    }

    /// A line of the result, for people; silent with `--json`.
    pub(crate) fn line(&self, line: impl AsRef<str>) {
        if self.output == Output::Human {
            let mut out = anstream::stdout().lock();
            // A reader who has seen enough (`| head`) is no error.
            let _ = writeln!(out, "{}", line.as_ref());
        }
    }

    /// A line of the result in both languages.
    pub(crate) fn tell(&self, text: &Text) {
        self.line(self.say(text));
    }

    /// Raw data on standard output, as for `completions`.
    pub(crate) fn raw(bytes: &[u8]) -> io::Result<()> {
        let mut out = io::stdout().lock();
        match out.write_all(bytes).and_then(|()| out.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            other => other,
        }
    }

    /// The JSON document of the command, `schema_version` first; silent without `--json`.
    pub(crate) fn json(&self, document: &impl Serialize) -> Result<(), CommandError> {
        if self.output != Output::Json {
            return Ok(());
        }
        let text = Self::json_text(document)?;
        Self::raw(text.as_bytes()).map_err(|error| CommandError::io(std::path::Path::new("stdout"), &error))
    }

    /// A JSON document as its file holds it, `schema_version` first.
    pub(crate) fn json_text(document: &impl Serialize) -> Result<String, CommandError> {
        let versioned = Versioned { schema_version: 1, document };
        let text = serde_json::to_string_pretty(&versioned).map_err(|error| {
            CommandError::new(
                Kind::Defect,
                archive_core::text!("JSON 无法写出：{error}", "the JSON could not be written: {error}"),
                Text::fixed("请报告此问题", "please report this"),
            )
        })?;
        Ok(text + "\n")
    }

    /// A remark on what goes on, on standard error.
    pub(crate) fn note(&self, text: &Text) {
        let mut err = anstream::stderr().lock();
        let _ = writeln!(err, "{}", self.say(text));
    }

    /// An error, on standard error; with `--json` also as the JSON document.
    pub(crate) fn error(&self, error: &CommandError) {
        let (red, cyan) = (style_of(Severity::Error), Style::new().fg_color(Some(AnsiColor::Cyan.into())));
        let (label, help) = match self.lang {
            Lang::Zh => ("错误：", "处理："),
            Lang::En => ("error: ", "help: "),
        };
        let mut err = anstream::stderr().lock();
        let _ = writeln!(err, "{red}{label}{red:#}{}", self.say(&error.message));
        if !self.say(&error.help).is_empty() {
            let _ = writeln!(err, "{cyan}{help}{cyan:#}{}", self.say(&error.help));
        }
        drop(err);
        #[derive(Serialize)]
        struct Told<'a> {
            kind: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            rule: Option<archive_core::rules::RuleId>,
            message: &'a str,
            help: &'a str,
        }
        #[derive(Serialize)]
        struct Document<'a> {
            error: Told<'a>,
        }
        let told = Told {
            kind: error.kind.name(),
            rule: error.rule,
            message: self.say(&error.message),
            help: self.say(&error.help),
        };
        // If even this can't be written there is nobody left to tell.
        let _ = self.json(&Document { error: told });
    }

    /// A progress bar over `total` steps; invisible unless a person watches.
    pub(crate) fn progress(&self, what: &Text, total: u64) -> ProgressBar {
        if self.output == Output::Json || !io::stderr().is_terminal() {
            return ProgressBar::hidden();
        }
        let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}") {
            bar.set_style(style);
        }
        bar.set_message(self.say(what).to_owned());
        bar.enable_steady_tick(Duration::from_millis(200));
        bar
    }
}

/// Moves a bar as files are copied.
pub(crate) fn by_files(bar: &ProgressBar) -> impl Fn(Progress) + Sync {
    |progress| {
        bar.set_length(progress.of_files);
        bar.set_position(progress.files);
    }
}

/// The colour of a severity; colour never carries the meaning alone.
pub(crate) fn style_of(severity: Severity) -> Style {
    let colour = match severity {
        Severity::Error => AnsiColor::Red,
        Severity::Warning => AnsiColor::Yellow,
        Severity::Info => AnsiColor::Cyan,
    };
    Style::new().bold().fg_color(Some(colour.into()))
}

#[derive(Serialize)]
struct Versioned<'a, T> {
    schema_version: u32,
    #[serde(flatten)]
    document: &'a T,
}
