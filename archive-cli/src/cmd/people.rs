//! `archive people`: who works here, and what they may do.
//!
//! While nobody is registered, names stand for themselves ([`archive_core::people`]); so the first person to
//! be registered need not be anybody yet.

use std::collections::BTreeSet;

use archive_core::people::{Person, Role};
use archive_core::text;
use archive_core::text::{Lang, Text};
use clap::{Arg, ArgAction, ArgMatches, Command};
use serde::Serialize;

use crate::args::{base, dry_run, pick, reason};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::render::table;

pub(crate) fn command(lang: Lang) -> Command {
    base("people", lang, &Text::fixed("人员名册：姓名与角色", "The register of people: names and roles"))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands([
            base("add", lang, &Text::fixed("登记一人", "Register a person"))
                .arg(name(lang))
                .arg(roles(lang, "role", "角色（可重复）", "A role (can be repeated)").required(true))
                .arg(Arg::new("login").long("login").value_name(pick(lang, "用户名", "USER")).help(pick(
                    lang,
                    "这个人的系统用户名：由它认出经办人",
                    "What the system calls them: it stands for them as operator",
                )))
                .arg(dry_run(lang)),
            base("list", lang, &Text::fixed("列出名册", "List the register")).arg(
                Arg::new("all").long("all").action(ArgAction::SetTrue).help(pick(
                    lang,
                    "连同已离岗的",
                    "Also those who left",
                )),
            ),
            base("role", lang, &Text::fixed("增减角色", "Add or take away roles"))
                .arg(name(lang))
                .arg(roles(lang, "add", "增加的角色（可重复）", "A role to add (can be repeated)"))
                .arg(roles(lang, "remove", "去掉的角色（可重复）", "A role to take away (can be repeated)"))
                .arg(reason(lang))
                .arg(dry_run(lang)),
            base("leave", lang, &Text::fixed("登记离岗（S5）", "Record that a person left (S5)"))
                .arg(name(lang))
                .arg(reason(lang))
                .arg(dry_run(lang)),
        ])
}

fn name(lang: Lang) -> Arg {
    Arg::new("name").required(true).value_name(pick(lang, "姓名", "NAME")).help(pick(
        lang,
        "姓名；同名的加注，如 王芳（综合科）",
        "The name; namesakes are told apart in it by their section",
    ))
}

fn roles(lang: Lang, option: &'static str, zh: &'static str, en: &'static str) -> Arg {
    let value = |word: &str| word.parse::<Role>().map_err(|error| error.to_string());
    Arg::new(option)
        .long(option)
        .action(ArgAction::Append)
        .value_name(pick(lang, "角色", "ROLE"))
        .value_parser(value)
        .help(match lang {
            Lang::Zh => format!("{zh}：{}", said_of_roles(lang, "、")),
            Lang::En => format!("{en}: {}", said_of_roles(lang, ", ")),
        })
}

fn said_of_roles(lang: Lang, between: &str) -> String {
    let said = Role::ALL.map(|role| match lang {
        Lang::Zh => format!("{role} {}", role.word().zh),
        Lang::En => role.name().to_owned(),
    });
    said.join(between)
}

pub(crate) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    match matches.subcommand() {
        Some(("add", sub)) => add(context, sub),
        Some(("list", sub)) => list(context, sub.get_flag("all")),
        Some(("role", sub)) => role(context, sub),
        Some(("leave", sub)) => leave(context, sub),
        _ => Ok(Exit::Usage),
    }
}

/// A person as JSON tells of them.
#[derive(Serialize)]
struct Told<'a> {
    name: &'a str,
    login: Option<&'a str>,
    roles: Vec<&'static str>,
    since: String,
    left: Option<String>,
}

impl<'a> Told<'a> {
    fn of(person: &'a Person) -> Self {
        Self {
            name: &person.name,
            login: person.login.as_deref(),
            roles: person.roles.iter().map(|role| role.name()).collect(),
            since: person.since.to_string(),
            left: person.left.map(|day| day.to_string()),
        }
    }
}

#[derive(Serialize)]
struct Changed<'a> {
    person: Told<'a>,
    dry_run: bool,
}

fn given(matches: &ArgMatches, option: &str) -> BTreeSet<Role> {
    matches.get_many::<Role>(option).into_iter().flatten().copied().collect()
}

fn add(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let Some(name) = named(matches)? else { return Ok(Exit::Usage) };
    let repository = context.open()?;
    let person = Person {
        login: matches.get_one::<String>("login").cloned(),
        ..Person::new(name, given(matches, "role"), context.today())
    };
    let change = repository.begin(&context.operator, "people add", context.now)?;
    change.add_person(&person)?;
    context.finish(change, matches)?;
    told(context, matches, &person, &Text::fixed("已登记", "registered"))
}

fn role(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let Some(name) = named(matches)? else { return Ok(Exit::Usage) };
    let (more, less) = (given(matches, "add"), given(matches, "remove"));
    if more.is_empty() && less.is_empty() {
        return Err(CommandError::usage(
            Text::fixed("没有要增减的角色", "there is no role to add or take away"),
            Text::fixed("用 --add 或 --remove 指明", "name it with --add or --remove"),
        ));
    }
    let repository = context.open()?;
    let change = repository.begin(&context.operator, "people role", context.now)?;
    let mut roles = change.people()?.named(&name).map(|person| person.roles.clone()).unwrap_or_default();
    roles.extend(more);
    roles.retain(|role| !less.contains(role));
    change.set_roles(&name, &roles, crate::args::reason_given(matches))?;
    let people = change.people()?;
    context.finish(change, matches)?;
    let Some(person) = people.named(&name) else { return Ok(Exit::Done) };
    told(context, matches, person, &Text::fixed("角色已调整", "roles changed"))
}

fn leave(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let Some(name) = named(matches)? else { return Ok(Exit::Usage) };
    let repository = context.open()?;
    let change = repository.begin(&context.operator, "people leave", context.now)?;
    change.person_leaves(&name, context.today(), crate::args::reason_given(matches))?;
    let people = change.people()?;
    context.finish(change, matches)?;
    let Some(person) = people.named(&name) else { return Ok(Exit::Done) };
    told(context, matches, person, &Text::fixed("已登记离岗", "recorded as gone"))
}

/// The name that was typed, without blanks around it.
fn named(matches: &ArgMatches) -> Result<Option<String>, CommandError> {
    let Some(name) = matches.get_one::<String>("name") else { return Ok(None) };
    let name = name.trim();
    if name.is_empty() || name.chars().any(char::is_control) {
        return Err(CommandError::usage(
            Text::fixed("姓名是空的，或含有不能打印的字符", "the name is empty or can't be printed"),
            Text::fixed("请写姓名", "write the name"),
        ));
    }
    Ok(Some(name.to_owned()))
}

fn told(context: &Context, matches: &ArgMatches, person: &Person, done: &Text) -> Result<Exit, CommandError> {
    let (name, Text { zh, en }) = (&person.name, done);
    let roles = |lang| {
        let words: Vec<String> =
            person.roles.iter().map(|role| role.word().in_lang(lang).to_owned()).collect();
        words.join(if lang == Lang::Zh { "、" } else { ", " })
    };
    let (roles_zh, roles_en) = (roles(Lang::Zh), roles(Lang::En));
    context.ui.tell(&text!("{name}（{roles_zh}）{zh}", "{name} ({roles_en}): {en}"));
    context.said_if_dry(matches);
    context.ui.json(&Changed { person: Told::of(person), dry_run: matches.get_flag("dry-run") })?;
    Ok(Exit::Done)
}

#[derive(Serialize)]
struct List<'a> {
    kept: bool,
    people: Vec<Told<'a>>,
}

fn list(context: &Context, all: bool) -> Result<Exit, CommandError> {
    let ui = &context.ui;
    let people = context.open()?.people()?;
    let shown: Vec<&Person> = people.all().iter().filter(|person| all || person.is_present()).collect();
    let rows: Vec<Vec<String>> = shown
        .iter()
        .map(|person| {
            let roles: Vec<String> =
                person.roles.iter().map(|role| ui.say(&role.word()).to_owned()).collect();
            let gone = person
                .left
                .map_or_else(String::new, |day| ui.say(&text!("{day} 离岗", "left on {day}")).to_owned());
            let between = if ui.lang == Lang::Zh { "、" } else { ", " };
            vec![
                person.name.clone(),
                roles.join(between),
                person.login.clone().unwrap_or_default(),
                person.since.to_string(),
                gone,
            ]
        })
        .collect();
    for line in table::lines(&rows) {
        ui.line(line.trim_end());
    }
    if !people.is_kept() {
        ui.tell(&Text::fixed(
            "名册中没有在岗的人：经办人写什么姓名就算什么姓名",
            "nobody at work is registered: names stand for themselves",
        ));
    }
    ui.json(&List { kept: people.is_kept(), people: shown.into_iter().map(Told::of).collect() })?;
    Ok(Exit::Done)
}
