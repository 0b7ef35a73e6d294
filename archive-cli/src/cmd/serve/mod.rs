//! `archive serve`: the reading room in a browser.

mod backroom;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::time::Duration;

use archive_core::text;
use archive_core::text::{Lang, Text};
use archive_web::server::Stopper;
use archive_web::{Certificate, Listening, Protection, ServeError, Settings, Site};
use chrono::NaiveDate;
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use serde::Serialize;

use crate::args::{base, pick};
use crate::context::{self, Context};
use crate::error::{CommandError, Kind};
use crate::exit::Exit;
use crate::interrupt;
use crate::office::Office;

use backroom::Rooms;

pub(crate) fn command(lang: Lang) -> Command {
    base("serve", lang, &Text::fixed("在浏览器中查阅和整理", "Serve the reading room in a browser"))
        .arg(
            Arg::new("listen")
                .long("listen")
                .value_name(pick(lang, "地址:端口", "ADDRESS:PORT"))
                .value_parser(value_parser!(SocketAddr))
                .default_value("127.0.0.1:0")
                .help(pick(
                    lang,
                    "在哪个地址服务；端口 0 由系统选",
                    "The address to serve on; port 0 has one chosen",
                )),
        )
        .arg(Arg::new("behind-proxy").long("behind-proxy").action(ArgAction::SetTrue).help(pick(
            lang,
            "前面有加密（TLS）的代理，由它写明来访地址（X-Forwarded-For）",
            "A proxy that speaks TLS stands before it, and says who asks (X-Forwarded-For)",
        )))
        .arg(file("tls-cert", lang).requires("tls-key").conflicts_with("behind-proxy").help(pick(
            lang,
            "证书（PEM，连同中间证书），用它加密",
            "A certificate to speak TLS by (PEM, with its chain)",
        )))
        .arg(file("tls-key", lang).requires("tls-cert").help(pick(
            lang,
            "证书的私钥（PEM）",
            "The key of the certificate (PEM)",
        )))
}

fn file(name: &'static str, lang: Lang) -> Arg {
    Arg::new(name).long(name).value_name(pick(lang, "文件", "FILE")).value_parser(value_parser!(PathBuf))
}

/// What protects what is sent, as the options say.
fn protection(matches: &ArgMatches) -> Result<Protection, CommandError> {
    let path = |name: &str| matches.get_one::<PathBuf>(name);
    if let (Some(chain), Some(key)) = (path("tls-cert"), path("tls-key")) {
        let certificate = Certificate::read(chain, key).map_err(|error| {
            CommandError::new(
                Kind::Input,
                error.message(),
                Text::fixed(
                    "要两个 PEM 文件：证书（BEGIN CERTIFICATE）和它的私钥（BEGIN PRIVATE KEY）",
                    "two PEM files are wanted: a certificate (BEGIN CERTIFICATE) and its key (BEGIN PRIVATE KEY)",
                ),
            )
        })?;
        return Ok(Protection::Tls(certificate));
    }
    Ok(if matches.get_flag("behind-proxy") { Protection::Proxy } else { Protection::OnlyHere })
}

#[derive(Serialize)]
struct Serving<'a> {
    address: &'a str,
    first_code: Option<&'a str>,
}

pub(crate) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let ui = &context.ui;
    let office = Office::new(context.open()?)?;
    let root = office.repository.root().to_owned();
    if !office.repository.may_be_shared() {
        return Err(CommandError::new(
            Kind::Io,
            Text::fixed(
                "此盘拒绝给文件加锁，一次只能由一处使用，阅览室要同时应答多人，不能在其上开设",
                "this drive refuses to lock files, so the repository can be used from one place at a time; the reading room answers many at once",
            ),
            Text::fixed(
                "先备份（archive backup），再恢复到本机磁盘（archive restore）后开设；或请管理员在该盘上启用文件锁",
                "make a backup (archive backup), restore it to a local disk (archive restore) and serve that; or have locks switched on for the drive",
            ),
        ));
    }
    let proxied = matches.get_flag("behind-proxy");
    let address = matches.get_one::<SocketAddr>("listen").copied();
    let address = address.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 0)));
    let protection = protection(matches)?;
    let speaks_tls = matches!(protection, Protection::Tls(_));
    let listening = Listening::on(address, protection).map_err(told)?;
    let today = matches.get_one::<NaiveDate>("today").copied();
    let (begun, lang) = (context.now, ui.lang);
    // What can't be read later was read once already.
    let clock = move || context::now(today).unwrap_or(begun);
    let site = Site::new(Settings {
        root: root.clone(),
        profile: office.profile,
        lang,
        backroom: Box::new(Rooms::new(context.at(&root), today)),
        clock: Box::new(clock),
        log: Box::new(move |why| crate::ui::Ui::new(lang, crate::ui::Output::Human).note(why)),
        behind_proxy: proxied,
        speaks_tls,
    })?;
    drop(office.repository);
    let stopper = listening.stopper();
    end_gently(stopper);
    let scheme = if speaks_tls { "https" } else { "http" };
    let address = format!("{scheme}://{}/", listening.address());
    let first_code = site.first_code();
    ui.line(&address);
    ui.json(&Serving { address: &address, first_code: first_code.as_deref() })?;
    if let Some(code) = first_code {
        ui.note(&text!(
            "还没有账户。请在浏览器打开 {address}first，用一次性代码 {code} 建立第一个账户",
            "there is no account yet: open {address}first in a browser and make the first with the one-time code {code}"
        ));
    }
    ui.note(&Text::fixed("按 Ctrl-C 停止", "press Ctrl-C to stop"));
    listening.serve(&site).map_err(told)?;
    Ok(Exit::Done)
}

/// Ctrl-C lets the requests at work be answered; a second one ends at once.
fn end_gently(stopper: Stopper) {
    let asked = interrupt::gently();
    std::thread::spawn(move || {
        while !asked.load(Ordering::Relaxed) {
            std::thread::sleep(Duration::from_millis(50));
        }
        stopper.stop();
    });
}

#[expect(clippy::needless_pass_by_value, reason = "the end of an error")]
fn told(error: ServeError) -> CommandError {
    let kind = match error {
        ServeError::Unprotected(_) => Kind::Usage,
        _ => Kind::Io,
    };
    CommandError::new(kind, error.message(), error.help())
}
