//! `archive audit head`: the head of the chain on a paper of its own, to be deposited where nobody who may change the
//! repository can change it.
//!
//! A chain shows what was changed inside it; that the whole was exchanged for an older state shows only against a head
//! noted down elsewhere. The paper is a few lines a person can read, print and file; signed, it says who vouches for it,
//! and OpenSSL can check it without us, as with packages ([`archive_transfer::signature`]).

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use archive_core::text;
use archive_core::text::{Lang, Text};
use archive_store::{AuditHead, Repository};
use archive_transfer::signature::{self, PublicKey};
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use serde::Serialize;

use crate::args::{base, pick};
use crate::context::Context;
use crate::error::{CommandError, Kind};
use crate::exit::Exit;
use crate::files;
use crate::keys::{self, Keys};

const TITLE: &str = "审计链链头";
const ENTRY: &str = "条目";
const DIGEST: &str = "摘要";

pub(super) fn command(lang: Lang) -> Command {
    base(
        "head",
        lang,
        &Text::fixed(
            "给出链头，抄存在外：日后整库被退回旧状态即可查出",
            "Give the chain's head, to be deposited elsewhere: a later rollback of the whole then shows",
        ),
    )
    .arg(
        Arg::new("out")
            .long("out")
            .value_name(pick(lang, "文件", "FILE"))
            .value_parser(value_parser!(PathBuf))
            .help(pick(
                lang,
                "写成可打印、可存档的文件（.txt）",
                "Write it as a paper to print and to file (.txt)",
            )),
    )
    .arg(Arg::new("sign").long("sign").action(ArgAction::SetTrue).requires("out").help(pick(
        lang,
        "用本单位的钥匙签名（.sig 和 .pem 写在旁边）",
        "Sign it with the office's key (.sig and .pem are written beside it)",
    )))
}

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    #[derive(Serialize)]
    struct Told<'a> {
        entries: u64,
        head: &'a str,
        time: &'a str,
        out: Option<&'a Path>,
        signed_by: Option<String>,
    }
    let ui = &context.ui;
    let repository = context.open()?;
    let head = repository.audit_head()?;
    let last = repository.audit_log(head.seq, head.seq)?;
    let time = last.last().map_or("", |entry| entry.time.as_str());
    let paper = paper(&repository, &head, time, context);
    let out = matches.get_one::<PathBuf>("out");
    let mut signed_by = None;
    if let Some(path) = out {
        let key = if matches.get_flag("sign") {
            Some(Keys::at(repository.root()).own()?.ok_or_else(|| {
                CommandError::usage(
                    Text::fixed("还没有签名钥匙", "there is no signing key yet"),
                    Text::fixed("请先运行 archive transfer key new", "run archive transfer key new first"),
                )
            })?)
        } else {
            None
        };
        files::write(path, paper.as_bytes())?;
        if let Some(key) = key {
            let signed = signature::sign(paper.clone().into_bytes(), &key);
            files::write(&path.with_extension("sig"), &signed.signature)?;
            files::write(&path.with_extension("pem"), signed.key.as_bytes())?;
            signed_by = Some(key.public().fingerprint());
        }
        let (path, name) = (path.display(), path.display());
        ui.tell(&text!(
            "链头已写入 {path}；请存放在动不了档案库的人那里，日后用 archive audit verify --head {name} 核对",
            "the head is written to {path}: leave it with somebody who can't touch the repository, and compare later with archive audit verify --head {name}"
        ));
    } else {
        for line in paper.lines() {
            ui.line(line);
        }
    }
    ui.json(&Told {
        entries: head.seq,
        head: &head.digest,
        time,
        out: out.map(PathBuf::as_path),
        signed_by,
    })?;
    Ok(Exit::Done)
}

fn paper(repository: &Repository, head: &AuditHead, time: &str, context: &Context) -> String {
    let institution = &repository.settings().institution;
    let mut text = format!("{TITLE}\n");
    for (label, value) in [
        ("立档单位", institution.name.as_str()),
        ("全宗号", &institution.fonds),
        (ENTRY, &head.seq.to_string()),
        (DIGEST, &head.digest),
        ("末条时间", time),
        ("抄录时间", &context.now.to_rfc3339()),
        ("抄录人", &context.operator),
    ] {
        // A line is a line, whatever a name holds.
        let value: String = value.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        for part in [label, "：", value.trim(), "\n"] {
            text.push_str(part);
        }
    }
    text
}

/// `12:9f86…`, or the file of a paper.
pub(super) fn read(context: &Context, typed: &str) -> Result<AuditHead, CommandError> {
    if let Some(head) = of_words(typed) {
        return Ok(head);
    }
    let path = Path::new(typed);
    let text = match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(CommandError::usage(
                text!("“{typed}”既不是链头，也不是文件", "“{typed}” is neither a head nor a file"),
                Text::fixed(
                    "链头写作 序号:摘要，或给出 archive audit head --out 写的文件",
                    "a head is NUMBER:DIGEST, or the file that archive audit head --out wrote",
                ),
            ));
        }
        other => other.map_err(|error| CommandError::io(path, &error))?,
    };
    let of = |label: &str| {
        text.lines()
            .find_map(|line| line.trim_start_matches('\u{feff}').strip_prefix(label)?.strip_prefix('：'))
    };
    let head = of(ENTRY).zip(of(DIGEST)).and_then(|(seq, digest)| of_words(&format!("{seq}:{digest}")));
    let Some(head) = head.filter(|_| text.trim_start_matches('\u{feff}').starts_with(TITLE)) else {
        return Err(unusable(path, &Text::fixed("不是链头文件", "it is no paper with a head")));
    };
    vouched(context, path, text.as_bytes())?;
    Ok(head)
}

/// A paper that is signed must be as it was signed.
fn vouched(context: &Context, path: &Path, text: &[u8]) -> Result<(), CommandError> {
    let beside = path.with_extension("sig");
    let Ok(signed) = fs::read(&beside) else { return Ok(()) };
    let key: PublicKey = keys::read_public(&path.with_extension("pem"))?;
    if !key.verifies(text, &signed) {
        return Err(unusable(
            path,
            &Text::fixed("签名不符：签名后被改动", "the signature doesn't fit: it was changed afterwards"),
        ));
    }
    let trust = keys::kept(context)?;
    let fingerprint = key.fingerprint();
    context.ui.note(&match trust.keys.iter().find(|kept| kept.key.fingerprint() == fingerprint) {
        Some(kept) => {
            let name = &kept.name;
            text!("链头文件的签名有效，是{name}的公钥", "the paper's signature holds, by the key of {name}")
        }
        None => text!(
            "链头文件的签名有效，公钥未经核对，指纹 {fingerprint}",
            "the paper's signature holds, by a key nobody has made sure of: fingerprint {fingerprint}"
        ),
    });
    Ok(())
}

fn of_words(typed: &str) -> Option<AuditHead> {
    let (seq, digest) = typed.trim().split_once([':', '：'])?;
    let digest = digest.trim();
    let is_digest = digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
    Some(AuditHead { seq: seq.trim().parse().ok()?, digest: digest.to_ascii_lowercase() })
        .filter(|_| is_digest)
}

fn unusable(path: &Path, Text { zh, en }: &Text) -> CommandError {
    let path = path.display();
    CommandError::new(
        Kind::Input,
        text!("{path}：{zh}", "{path}: {en}"),
        Text::fixed("请取存放在外的原件", "take the paper that was deposited"),
    )
}
