//! `archive explain RULE`: what a rule says, where it comes from, an example, what to do.

use archive_core::rules::{RuleId, book};
use archive_core::text::{Lang, Text};
use clap::{Arg, ArgAction, ArgMatches, Command};
use serde::Serialize;

use crate::args::{base, pick};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;

pub(crate) fn command(lang: Lang) -> Command {
    base(
        "explain",
        lang,
        &Text::fixed(
            "说明一条规则：内容、出处、例子、处理办法",
            "Explain a rule: what it says, its source, an example, what to do",
        ),
    )
    .arg(Arg::new("rule").value_name(pick(lang, "规则", "RULE")).help(pick(
        lang,
        "规则代号，如 V3；不写则列出全部",
        "The rule, e.g. V3; without it all are listed",
    )))
    .arg(Arg::new("all").long("all").action(ArgAction::SetTrue).conflicts_with("rule").help(pick(
        lang,
        "全部规则的全文（Markdown）",
        "Every rule in full, as Markdown",
    )))
}

#[derive(Serialize)]
struct Explained<'a> {
    rule: RuleId,
    severity: archive_core::finding::Severity,
    source: &'a str,
    says: &'a str,
    example: &'a str,
    help: &'a str,
    judged: String,
}

pub(crate) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let ui = &context.ui;
    if matches.get_flag("all") && !ui.is_json() {
        ui.line(book(ui.lang).trim_end());
        return Ok(Exit::Done);
    }
    let Some(name) = matches.get_one::<String>("rule") else {
        let rules: Vec<Explained<'_>> = RuleId::ALL.iter().map(|id| explained(*id, ui.lang)).collect();
        for rule in &rules {
            ui.line(format!("{:<4}{}", rule.rule.name(), rule.says));
        }
        #[derive(Serialize)]
        struct List<'a> {
            rules: Vec<Explained<'a>>,
        }
        ui.json(&List { rules })?;
        return Ok(Exit::Done);
    };
    let id: RuleId = name.parse().map_err(|_| {
        CommandError::usage(
            archive_core::text!("没有规则“{name}”", "there is no rule “{name}”"),
            Text::fixed("运行 archive explain 查看全部规则", "archive explain lists all rules"),
        )
    })?;
    let rule = explained(id, ui.lang);
    let labels = match ui.lang {
        Lang::Zh => ["依据", "例", "处理", "判断"],
        Lang::En => ["Source", "Example", "What to do", "Judged"],
    };
    let word = rule.severity.word();
    ui.line(format!("{} · {}", rule.rule.name(), ui.say(&word)));
    ui.line(rule.says);
    for (label, text) in labels.into_iter().zip([rule.source, rule.example, rule.help, &rule.judged]) {
        ui.line("");
        ui.line(match ui.lang {
            Lang::Zh => format!("{label}：{text}"),
            Lang::En => format!("{label}: {text}"),
        });
    }
    ui.json(&rule)?;
    Ok(Exit::Done)
}

fn explained(id: RuleId, lang: Lang) -> Explained<'static> {
    let rule = id.rule();
    Explained {
        rule: id,
        severity: rule.severity,
        source: rule.source,
        says: rule.says.in_lang(lang),
        example: rule.example.in_lang(lang),
        help: rule.remedy.in_lang(lang),
        judged: rule.judged.said().in_lang(lang).to_owned(),
    }
}
