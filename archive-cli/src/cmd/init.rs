//! `archive init DIR`: a new repository.

use std::path::PathBuf;

use archive_core::model::Institution;
use archive_core::profile::BUILT_IN;
use archive_core::text;
use archive_core::text::{Lang, Text};
use archive_store::{Repository, Settings};
use clap::{Arg, ArgMatches, Command, value_parser};
use serde::Serialize;

use crate::args::{base, pick};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::office;

pub(crate) fn command(lang: Lang) -> Command {
    base("init", lang, &Text::fixed("新建档案库", "Make a new repository"))
        .arg(
            Arg::new("dir")
                .required(true)
                .value_name(pick(lang, "文件夹", "DIR"))
                .value_parser(value_parser!(PathBuf))
                .help(pick(lang, "新的或空的文件夹", "A new or an empty folder")),
        )
        .arg(
            Arg::new("institution")
                .long("institution")
                .required(true)
                .value_name(pick(lang, "名称", "NAME"))
                .help(pick(
                    lang,
                    "立档单位的全称或规范简称",
                    "The institution's full or standard short name",
                )),
        )
        .arg(
            Arg::new("fonds")
                .long("fonds")
                .required(true)
                .value_name(pick(lang, "全宗号", "CODE"))
                .help(pick(lang, "档案馆给的全宗号，如 J019", "The fonds code the archives gave, e.g. J019")),
        )
        .arg(
            Arg::new("profile")
                .long("profile")
                .default_value(BUILT_IN[0])
                .hide_default_value(true)
                .value_name(pick(lang, "规则集", "NAME"))
                .help(match lang {
                    Lang::Zh => {
                        format!("规则集：{}（默认 {}），或规则文件 .toml", BUILT_IN.join("、"), BUILT_IN[0])
                    }
                    Lang::En => format!(
                        "The rules: {} (default {}), or a .toml file",
                        BUILT_IN.join(", "),
                        BUILT_IN[0]
                    ),
                }),
        )
}

#[derive(Serialize)]
struct Made<'a> {
    repository: PathBuf,
    institution: &'a Institution,
    profile: &'a str,
}

pub(crate) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let word =
        |name: &str| matches.get_one::<String>(name).map(|value| value.trim().to_owned()).unwrap_or_default();
    let Some(dir) = matches.get_one::<PathBuf>("dir") else { return Ok(Exit::Usage) };
    let institution = Institution { name: word("institution"), fonds: word("fonds") };
    for (option, value) in [("--institution", &institution.name), ("--fonds", &institution.fonds)] {
        if value.is_empty() || value.chars().any(char::is_control) {
            return Err(CommandError::usage(
                text!(
                    "选项“{option}”的值为空或含有控制字符",
                    "the value of “{option}” is empty or holds control characters"
                ),
                Text::fixed("请重新填写", "give it again"),
            ));
        }
    }
    if institution.fonds.chars().any(|c| c.is_whitespace() || "-·/\\".contains(c)) {
        let fonds = &institution.fonds;
        return Err(CommandError::usage(
            text!("全宗号“{fonds}”含有空格或分隔符", "the fonds code “{fonds}” holds blanks or separators"),
            Text::fixed("全宗号由字母和数字组成，如 J019", "a fonds code is letters and digits, e.g. J019"),
        ));
    }
    let profile_name = word("profile");
    let profile = office::profile(&profile_name, std::path::Path::new(""))?;
    let settings = Settings::new(institution, profile_name_for(&profile_name)?);
    let repository = Repository::create(dir, &settings, &context.operator, context.now)?;
    let institution = &repository.settings().institution;
    let (root, name, fonds, rules) =
        (repository.root().display(), &institution.name, &institution.fonds, &profile.title);
    context.ui.tell(&text!(
        "已建立档案库 {root}\n  立档单位：{name}　全宗号：{fonds}\n  规则：{rules}\n下一步：archive import 登记表.xlsx --scans 扫描件文件夹",
        "made the repository {root}\n  institution: {name}, fonds {fonds}\n  rules: {rules}\nnext: archive import REGISTER.xlsx --scans FOLDER"
    ));
    context.ui.json(&Made {
        repository: repository.root().to_owned(),
        institution,
        profile: &repository.settings().profile,
    })?;
    Ok(Exit::Done)
}

/// A profile file is remembered by its whole path, so that it is found from anywhere.
fn profile_name_for(name: &str) -> Result<String, CommandError> {
    if BUILT_IN.contains(&name) {
        return Ok(name.to_owned());
    }
    let path = PathBuf::from(name);
    let whole = std::path::absolute(&path).map_err(|error| CommandError::io(&path, &error))?;
    Ok(whole.to_string_lossy().into_owned())
}
