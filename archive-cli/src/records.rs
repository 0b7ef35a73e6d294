//! Records as people name them on the command line and in lists: by code, by the code of their volume, by row.
//!
//! Whatever a list names is looked up before anything is done, and everything that can't be found is said at once.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use archive_catalogue::list::{self, List};
use archive_core::model::{Arrangement, Institution, Item, ItemId, SecrecyLevel};
use archive_core::number::item_code;
use archive_core::text;
use archive_core::text::{Lang, Text};
use archive_store::ItemFilter;
use clap::{Arg, ArgAction, ArgMatches, value_parser};

use crate::apart;
use crate::args::pick;
use crate::error::{CommandError, Kind};
use crate::office::Office;

/// The names a column of codes goes by.
pub(crate) const CODE: &[&str] = &["档号", "案卷档号", "件档号", "编号", "序号", "code", "record", "volume"];

/// `RECORD…`: codes of items or volumes, or rows of the register.
pub(crate) fn named(lang: Lang) -> Arg {
    Arg::new("records").action(ArgAction::Append).num_args(0..).value_name(pick(lang, "档号", "CODE")).help(
        pick(
            lang,
            "文件的档号；写案卷的档号即其中各件；没有编号的写登记表的序号",
            "Codes of items; a volume's code stands for all in it; the row of the register where there is no code",
        ),
    )
}

/// `--from LIST`, with what its columns are called.
pub(crate) fn from_list(lang: Lang, zh: &str, en: &str) -> Arg {
    let help = match lang {
        Lang::Zh => format!("从清单读（xlsx、xls、ods、csv），列：{zh}"),
        Lang::En => format!("Read a list (xlsx, xls, ods, csv) with the columns {en}"),
    };
    Arg::new("from")
        .long("from")
        .value_name(pick(lang, "清单", "LIST"))
        .value_parser(value_parser!(PathBuf))
        .help(help)
}

/// A list that was handed in: its first sheet that holds anything.
pub(crate) fn read_list(path: &Path) -> Result<List, CommandError> {
    let bytes = std::fs::read(path).map_err(|error| CommandError::io(path, &error))?;
    let lists = apart::survives(&bytes).and_then(|()| list::read(&bytes)).map_err(|error| {
        let CommandError { message: Text { zh, en }, help, .. } = error.into();
        let path = path.display();
        CommandError::new(Kind::Input, text!("{path}：{zh}", "{path}: {en}"), help)
    })?;
    lists.into_iter().next().ok_or_else(|| {
        let path = path.display();
        CommandError::new(
            Kind::Input,
            text!("{path} 是空的", "{path} is empty"),
            Text::fixed("请核对清单", "check the list"),
        )
    })
}

/// All records of a repository, of every fonds, and what they are called.
pub(crate) struct Records {
    items: BTreeMap<ItemId, Item>,
    named: HashMap<String, Vec<ItemId>>,
    codes: HashMap<ItemId, String>,
    /// Volumes by code.
    volumes: BTreeMap<String, VolumeFacts>,
}

/// What is known of a volume.
#[derive(Debug, Clone, Default)]
pub(crate) struct VolumeFacts {
    /// 全宗号.
    pub(crate) fonds: String,
    /// The level of the most secret paper in it.
    pub(crate) level: SecrecyLevel,
}

impl Records {
    /// Reads what there is.
    pub(crate) fn of(office: &Office) -> Result<Self, CommandError> {
        let repository = &office.repository;
        let items: BTreeMap<ItemId, Item> =
            repository.items(&ItemFilter::default())?.into_iter().map(|item| (item.id, item)).collect();
        let mut records =
            Self { items, named: HashMap::new(), codes: HashMap::new(), volumes: BTreeMap::new() };
        for item in records.items.values() {
            records.named.entry(item.row.trim().to_owned()).or_default().push(item.id);
            records.named.entry(format!("序号{}", item.row.trim())).or_default().push(item.id);
        }
        for fonds in repository.all_fonds()? {
            for year in repository.years(&fonds.fonds)? {
                if let Some(arrangement) = repository.arrangement(&fonds.fonds, year)? {
                    records.place(office, &fonds, &arrangement);
                }
            }
        }
        Ok(records)
    }

    fn place(&mut self, office: &Office, fonds: &Institution, arrangement: &Arrangement) {
        for volume in &arrangement.volumes {
            let Some(number) = &volume.number else { continue };
            let mut level = SecrecyLevel::None;
            for entry in &volume.entries {
                self.named.entry(number.code.clone()).or_default().push(entry.item);
                level = level.max(self.items.get(&entry.item).map_or(level, |item| item.secrecy.level));
                if let Some(code) = item_code(volume, entry, fonds, &office.profile) {
                    self.named.entry(code.clone()).or_default().push(entry.item);
                    self.codes.insert(entry.item, code);
                }
            }
            let facts = VolumeFacts { fonds: fonds.fonds.clone(), level };
            self.volumes.insert(number.code.clone(), facts);
        }
    }

    /// What a record is called: its code, or 序号 and its row before it has one.
    pub(crate) fn called(&self, id: ItemId) -> String {
        match (self.codes.get(&id), self.items.get(&id)) {
            (Some(code), _) => code.clone(),
            (None, Some(item)) => format!("序号{}", item.row),
            (None, None) => id.0.to_string(),
        }
    }

    /// The code (档号) of a record, if it has one.
    pub(crate) fn code(&self, id: ItemId) -> Option<&str> {
        self.codes.get(&id).map(String::as_str)
    }

    /// A record.
    pub(crate) fn item(&self, id: ItemId) -> Option<&Item> {
        self.items.get(&id)
    }

    /// All records, in the order of their codes; those without one behind them, in the order they were entered.
    pub(crate) fn in_order(&self) -> Vec<&Item> {
        let mut all: Vec<&Item> = self.items.values().collect();
        all.sort_by_key(|item| (!self.codes.contains_key(&item.id), self.codes.get(&item.id), item.id));
        all
    }

    /// What is known of a volume.
    pub(crate) fn volume(&self, code: &str) -> Option<&VolumeFacts> {
        self.volumes.get(code.trim())
    }

    /// The records something names: one by its own code, several by their volume's.
    pub(crate) fn find(&self, written: &str) -> Result<&[ItemId], Text> {
        let written = written.trim();
        let Some(found) = self.named.get(written) else {
            return Err(text!("没有“{written}”", "there is no {written}"));
        };
        let by_row = self.items.get(&found[0]).is_some_and(|item| {
            item.row.trim() == written || written.strip_prefix("序号") == Some(item.row.trim())
        });
        let apart = found.iter().any(|id| {
            self.items.get(id).map(|item| &item.origin.register)
                != self.items.get(&found[0]).map(|item| &item.origin.register)
        });
        if by_row && found.len() > 1 && apart {
            return Err(text!(
                "序号 {written} 在几份登记表里都有，请写档号",
                "row {written} stands in several registers: give the code"
            ));
        }
        Ok(found)
    }

    /// The records that were typed; everything that can't be found is said at once.
    pub(crate) fn typed(&self, matches: &ArgMatches) -> Result<Vec<ItemId>, CommandError> {
        let words: Vec<String> =
            matches.get_many::<String>("records").into_iter().flatten().cloned().collect();
        self.all(words.iter().map(String::as_str))
    }

    /// The same of words that came from elsewhere.
    pub(crate) fn all<'w>(
        &self,
        words: impl IntoIterator<Item = &'w str>,
    ) -> Result<Vec<ItemId>, CommandError> {
        let (mut found, mut missing) = (Vec::new(), Vec::new());
        for word in words {
            match self.find(word) {
                Ok(ids) => found.extend_from_slice(ids),
                Err(said) => missing.push(said),
            }
        }
        if missing.is_empty() { Ok(found) } else { Err(not_found(&missing)) }
    }
}

/// Everything that couldn't be found, in one error.
pub(crate) fn not_found(missing: &[Text]) -> CommandError {
    let join = |pick: fn(&Text) -> &str, between| missing.iter().map(pick).collect::<Vec<_>>().join(between);
    CommandError::usage(
        Text::new(join(|text| text.zh.as_ref(), "；"), join(|text| text.en.as_ref(), "; ")),
        Text::fixed("核对档号或序号；什么也没有改动", "check codes and rows; nothing was changed"),
    )
}

/// So many of the records that are refused for one reason are named.
const NAMED: usize = 8;

/// Refusals of several records in one error, those for one reason together; the rule is that of the first.
pub(crate) fn refused(refusals: Vec<(String, CommandError)>) -> Option<CommandError> {
    let mut reasons: Vec<(CommandError, Vec<String>)> = Vec::new();
    for (name, error) in refusals {
        match reasons.iter_mut().find(|(known, _)| known.message == error.message) {
            Some((_, names)) => names.push(name),
            None => reasons.push((error, vec![name])),
        }
    }
    let lines: Vec<Text> = reasons.iter().map(|(error, names)| refused_line(&error.message, names)).collect();
    let joined = |pick: fn(&Text) -> &str| lines.iter().map(pick).collect::<Vec<_>>().join("\n");
    let message = Text::new(joined(|text| text.zh.as_ref()), joined(|text| text.en.as_ref()));
    let (first, _) = reasons.into_iter().next()?;
    Some(CommandError { message, ..first })
}

fn refused_line(Text { zh, en }: &Text, names: &[String]) -> Text {
    // Some messages begin with what they speak of.
    if names.first().is_some_and(|name| zh.starts_with(name.as_str())) {
        return Text::new(zh.clone(), en.clone());
    }
    let count = names.len();
    let some = names.iter().take(NAMED).cloned().collect::<Vec<_>>().join("、");
    if count > NAMED {
        text!("{some} 等 {count} 件：{zh}", "{some} … ({count}): {en}")
    } else {
        text!("{some}：{zh}", "{some}: {en}")
    }
}
