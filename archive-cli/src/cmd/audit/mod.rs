//! `archive audit`: the chain of evidence: what was done, when, by whom, and whether the chain is whole.

mod head;

use archive_core::text;
use archive_core::text::{Lang, Text};
use archive_store::{Act, AuditEntry, AuditHead};
use clap::{Arg, ArgMatches, Command};
use serde::Serialize;

use crate::args::{base, pick};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::render::table;

pub(crate) fn command(lang: Lang) -> Command {
    base("audit", lang, &Text::fixed("审计链：查看、链头、核验", "The audit chain: log, head, verify"))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(base("log", lang, &Text::fixed("列出做过的事", "List what was done")))
        .subcommand(head::command(lang))
        .subcommand(
            base(
                "verify",
                lang,
                &Text::fixed(
                    "核验审计链是否完整、数据库是否被绕过改动",
                    "See whether the chain is whole, and whether the catalogue is what it says",
                ),
            )
            .arg(
                Arg::new("head")
                    .long("head")
                    .value_name(pick(lang, "链头", "HEAD"))
                    .help(pick(
                        lang,
                        "从前抄存在外的链头（序号:摘要，或 audit head 写的文件）：查出整库被退回旧状态",
                        "A head noted down before (NUMBER:DIGEST, or the file of `audit head`): shows that the whole was rolled back",
                    )),
            ),
        )
}

pub(crate) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    match matches.subcommand() {
        Some(("log", _)) => log(context),
        Some(("head", matches)) => head::run(context, matches),
        Some(("verify", matches)) => {
            let typed = matches.get_one::<String>("head");
            let deposited = typed.map(|typed| head::read(context, typed)).transpose()?;
            verify(context, deposited.as_ref())
        }
        _ => Ok(Exit::Usage),
    }
}

fn log(context: &Context) -> Result<Exit, CommandError> {
    #[derive(Serialize)]
    struct Entry<'a> {
        seq: u64,
        time: &'a str,
        who: &'a str,
        act: &'a str,
        subject: &'a str,
        detail: serde_json::Value,
        before: Option<&'a str>,
        after: Option<&'a str>,
        digest: &'a str,
    }
    #[derive(Serialize)]
    struct Log<'a> {
        entries: Vec<Entry<'a>>,
    }
    let ui = &context.ui;
    let entries = context.open()?.audit_log(1, u64::MAX >> 1)?;
    let word = |entry: &AuditEntry| match Act::named(&entry.act) {
        Some(act) => ui.say(&act.word()).to_owned(),
        None => entry.act.clone(),
    };
    let rows: Vec<Vec<String>> = entries
        .iter()
        .map(|entry| {
            vec![
                entry.seq.to_string(),
                entry.time.clone(),
                entry.who.clone(),
                word(entry),
                entry.subject.clone(),
            ]
        })
        .collect();
    for line in table::lines(&rows) {
        ui.line(line);
    }
    let entries = entries
        .iter()
        .map(|entry| Entry {
            seq: entry.seq,
            time: &entry.time,
            who: &entry.who,
            act: &entry.act,
            subject: &entry.subject,
            detail: serde_json::from_str(&entry.detail).unwrap_or_default(),
            before: entry.before.as_deref(),
            after: entry.after.as_deref(),
            digest: &entry.digest,
        })
        .collect();
    ui.json(&Log { entries })?;
    Ok(Exit::Done)
}

fn verify(context: &Context, deposited: Option<&AuditHead>) -> Result<Exit, CommandError> {
    #[derive(Serialize)]
    struct Problem<'a> {
        seq: u64,
        message: &'a str,
    }
    #[derive(Serialize)]
    struct Verdict<'a> {
        whole: bool,
        entries: u64,
        head: &'a str,
        problems: Vec<Problem<'a>>,
    }
    let ui = &context.ui;
    let repository = context.open()?;
    let head = repository.audit_head()?;
    let problems = repository.verify_audit(deposited)?;
    for problem in &problems {
        let (seq, Text { zh, en }) = (problem.seq, &problem.message);
        ui.tell(&text!("第 {seq} 条：{zh}", "entry {seq}: {en}"));
    }
    let (count, digest) = (head.seq, &head.digest);
    ui.tell(&if problems.is_empty() {
        text!(
            "审计链完整，共 {count} 条；请抄存链头 {count}:{digest}",
            "the chain is whole: {count} entries; note down its head {count}:{digest}"
        )
    } else {
        Text::fixed("审计链不完整", "the chain is broken")
    });
    ui.json(&Verdict {
        whole: problems.is_empty(),
        entries: head.seq,
        head: &head.digest,
        problems: problems
            .iter()
            .map(|problem| Problem { seq: problem.seq, message: ui.say(&problem.message) })
            .collect(),
    })?;
    Ok(if problems.is_empty() { Exit::Done } else { Exit::Findings })
}
