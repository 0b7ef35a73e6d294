//! `archive check`: all rules, all findings, on a repository, a register, a plan or a package.
//!
//! What lies at the path decides how it is read ([`subject`]); the rules that judge it are the same. The findings are shown
//! in any form, at once or later from a report that was saved as JSON.

mod subject;

use std::path::PathBuf;

use archive_core::finding::{Counts, Severity};
use archive_core::text::{Lang, Text};
use clap::{Arg, ArgMatches, Command, value_parser};
use serde::Serialize;

use crate::args::{base, pick, year};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::render::findings::{self, Delivery, Form, Told};

pub(crate) fn command(lang: Lang) -> Command {
    base("check", lang, &Text::fixed("检查：全部规则，全部问题", "Check by all rules; list all findings"))
        .arg(
            Arg::new("path")
                .value_name(pick(lang, "路径", "PATH"))
                .value_parser(value_parser!(PathBuf))
                .help(pick(
                    lang,
                    "档案库、登记表、组卷方案或移交包（默认：当前档案库）",
                    "A repository, a register, a plan or a package (default: this repository)",
                )),
        )
        .arg(year(lang))
        .arg(Arg::new("profile").long("profile").value_name(pick(lang, "规则集", "PROFILE")).help(pick(
            lang,
            "检查登记表、移交包所用的规则集（默认：档案库的）",
            "The profile a register or package is judged by (default: the repository's)",
        )))
        .arg(findings::format(lang))
        .arg(findings::out(lang))
        .arg(
            Arg::new("from")
                .long("from")
                .value_name(pick(lang, "结果.json", "FINDINGS.json"))
                .value_parser(value_parser!(PathBuf))
                .conflicts_with_all(["path", "year", "profile"])
                .help(pick(
                    lang,
                    "不再检查，把存下的 JSON 结果换一种样式输出",
                    "Don't check; show findings saved as JSON in another form",
                )),
        )
}

#[derive(Serialize)]
struct Report<'a> {
    findings: &'a [Told<'a>],
    counts: Counts,
}

pub(crate) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let form = Form::of(matches);
    let found;
    let (told, institution) = if let Some(saved) = matches.get_one::<PathBuf>("from") {
        (findings::read_saved(saved)?, String::new())
    } else {
        let (path, year) = (matches.get_one::<PathBuf>("path"), matches.get_one::<i32>("year").copied());
        let profile = matches.get_one::<String>("profile").map(String::as_str);
        found = subject::check(context, path.map(PathBuf::as_path), year, profile)?;
        (findings::told(&found.findings, context.ui.lang), found.institution.clone())
    };
    let ui = if form == Form::Json { &context.ui.in_json() } else { &context.ui };
    let counts = findings::counts(&told);
    let delivery = Delivery {
        form: if ui.is_json() { Form::Json } else { form },
        out: matches.get_one::<PathBuf>("out"),
        institution: &institution,
        printed_on: context.today(),
    };
    delivery.carry_out(ui, &told, &Report { findings: &told, counts })?;
    Ok(if told.iter().any(|one| one.severity() == Severity::Error) { Exit::Findings } else { Exit::Done })
}
