//! `archive transfer key`: the office's signing key, and the public keys of those it deals with.

use std::path::PathBuf;

use archive_core::text;
use archive_core::text::{Lang, Text};
use archive_transfer::signature::{PublicKey, Scheme};
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use serde::Serialize;

use crate::args::{base, pick};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::keys::{Keys, read_public};
use crate::render::table;

pub(crate) fn command(lang: Lang) -> Command {
    base("key", lang, &Text::fixed("签名钥匙：制作、显示、核对后存下对方的公钥", "Keys: make, show, trust"))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(
            base(
                "new",
                lang,
                &Text::fixed("制作本单位的签名钥匙；此后做包、接收都会签名", "Make the office's signing key"),
            )
            .arg(Arg::new("sm2").long("sm2").action(ArgAction::SetTrue).help(pick(
                lang,
                "国密 SM2（配 SM3），默认为 Ed25519",
                "SM2 with SM3 instead of Ed25519",
            )))
            .arg(Arg::new("replace").long("replace").action(ArgAction::SetTrue).help(pick(
                lang,
                "已有钥匙时换成新的",
                "Replace the key there is",
            ))),
        )
        .subcommand(base(
            "show",
            lang,
            &Text::fixed(
                "显示本单位的公钥和指纹，送给对方核对",
                "Show the office's public key and its fingerprint",
            ),
        ))
        .subcommand(
            base(
                "trust",
                lang,
                &Text::fixed(
                    "核对指纹后，存下对方的公钥",
                    "Keep somebody's public key, once its fingerprint is compared",
                ),
            )
            .arg(
                Arg::new("key")
                    .required(true)
                    .value_name(pick(lang, "公钥", "KEY"))
                    .value_parser(value_parser!(PathBuf))
                    .help(pick(lang, "对方的公钥（PEM 文件）", "The public key (PEM)")),
            )
            .arg(
                Arg::new("name").long("name").required(true).value_name(pick(lang, "单位", "OFFICE")).help(
                    pick(lang, "单位名称，与移交包或回执上的一致", "The office, named as in its packages"),
                ),
            ),
        )
        .subcommand(base("list", lang, &Text::fixed("列出存下的公钥", "List the keys that are kept")))
}

#[derive(Serialize)]
struct KeyTold {
    office: String,
    scheme: &'static str,
    fingerprint: String,
    path: PathBuf,
    pem: String,
}

impl KeyTold {
    fn new(keys: &Keys, office: &str, key: &PublicKey) -> Self {
        Self {
            office: office.to_owned(),
            scheme: key.scheme().name(),
            fingerprint: key.fingerprint(),
            path: keys.public_path(office),
            pem: key.to_pem(),
        }
    }

    fn tell(&self, context: &Context) {
        let Self { office, scheme, path, pem, .. } = self;
        let (path, fingerprint) = (path.display(), grouped(&self.fingerprint));
        context.ui.tell(&text!(
            "{office}的公钥（{scheme}）：{path}\n指纹：{fingerprint}\n{pem}",
            "public key of {office} ({scheme}): {path}\nfingerprint: {fingerprint}\n{pem}"
        ));
    }
}

/// Sixty-four digits, as they are read out over the telephone.
fn grouped(fingerprint: &str) -> String {
    let digits: Vec<char> = fingerprint.chars().collect();
    digits.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

pub(crate) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let repository = context.open()?;
    let keys = Keys::at(repository.root());
    let office = &repository.settings().institution.name;
    match matches.subcommand() {
        Some(("new", sub)) => {
            let scheme = if sub.get_flag("sm2") { Scheme::Sm2 } else { Scheme::Ed25519 };
            let key = keys.make(office, scheme, sub.get_flag("replace"))?;
            let told = KeyTold::new(&keys, office, &key.public());
            told.tell(context);
            let own = keys.own_path();
            let own = own.display();
            context.ui.note(&text!(
                "签名钥匙在 {own}，仅本人可读；请另做备份，切勿外传，给对方的只是公钥",
                "the signing key is {own}, for its owner only: keep a backup, give nobody but the public key"
            ));
            context.ui.json(&told)?;
        }
        Some(("show", _)) => {
            let key = keys.own()?.ok_or_else(no_key)?;
            let told = KeyTold::new(&keys, office, &key.public());
            told.tell(context);
            context.ui.json(&told)?;
        }
        Some(("trust", sub)) => {
            let (Some(path), Some(name)) = (sub.get_one::<PathBuf>("key"), sub.get_one::<String>("name"))
            else {
                return Ok(Exit::Usage);
            };
            let key = read_public(path)?;
            keys.trust(name, &key)?;
            let told = KeyTold::new(&keys, name, &key);
            told.tell(context);
            context.ui.json(&told)?;
        }
        Some(("list", _)) => {
            #[derive(Serialize)]
            struct Listed {
                keys: Vec<KeyTold>,
            }
            let trusted = keys.trusted()?;
            let rows: Vec<Vec<String>> = trusted
                .iter()
                .map(|one| {
                    vec![
                        one.name.clone(),
                        one.key.scheme().name().to_owned(),
                        grouped(&one.key.fingerprint()),
                    ]
                })
                .collect();
            for line in table::lines(&rows) {
                context.ui.line(line);
            }
            let listed = trusted.iter().map(|one| KeyTold::new(&keys, &one.name, &one.key)).collect();
            context.ui.json(&Listed { keys: listed })?;
        }
        _ => return Ok(Exit::Usage),
    }
    Ok(Exit::Done)
}

/// There is nothing to sign with.
pub(super) fn no_key() -> CommandError {
    CommandError::usage(
        Text::fixed("本单位还没有签名钥匙", "the office has no signing key yet"),
        Text::fixed("先运行 archive transfer key new", "run archive transfer key new first"),
    )
}
