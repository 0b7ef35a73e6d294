//! `archive transfer sign`: the sender puts the office's signature beside a package.

use std::path::{Path, PathBuf};

use archive_core::text;
use archive_core::text::{Lang, Text};
use archive_transfer::signature::{Detached, Paper, SigningKey, sign_package};
use clap::{ArgMatches, Command};
use serde::Serialize;

use super::{key, verify};
use crate::args::base;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::files;
use crate::keys::Keys;

pub(crate) fn command(lang: Lang) -> Command {
    base("sign", lang, &Text::fixed("用本单位的钥匙签署移交包", "Sign a package with the office's key"))
        .arg(verify::package(lang))
}

#[derive(Serialize)]
struct Report {
    files: [PathBuf; 3],
}

pub(crate) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let Some(package) = matches.get_one::<PathBuf>("package") else { return Ok(Exit::Usage) };
    let own = Keys::at(context.open()?.root()).own()?.ok_or_else(key::no_key)?;
    let files = package_signed(context, package, package, &own)?;
    context.ui.tell(&told(package));
    context.ui.json(&Report { files })?;
    Ok(Exit::Done)
}

/// What signing came to, in a sentence.
pub(super) fn told(package: &Path) -> Text {
    let [statement, signature, key] = Paper::HandOver
        .paths(package)
        .map(|path| path.file_name().unwrap_or_default().to_string_lossy().into_owned());
    text!(
        "已签名，三个文件与移交包一并送交：{statement}、{signature}、{key}",
        "signed; three files go with the package: {statement}, {signature}, {key}"
    )
}

/// Signs a package in the operator's name; gives the files beside it. It may wait elsewhere for its place.
pub(super) fn package_signed(
    context: &Context,
    waits_at: &Path,
    package: &Path,
    own: &SigningKey,
) -> Result<[PathBuf; 3], CommandError> {
    let reader = archive_transfer::open(waits_at)?;
    let signed = sign_package(&reader, own, &context.operator, context.today())?;
    let paths = Paper::HandOver.paths(package);
    written(&paths, &signed)?;
    Ok(paths)
}

/// Writes a signature: the text first, so that none stands alone.
pub(super) fn written([text, signature, key]: &[PathBuf; 3], signed: &Detached) -> Result<(), CommandError> {
    files::write(text, &signed.text)?;
    files::write(key, signed.key.as_bytes())?;
    files::write(signature, &signed.signature)
}
