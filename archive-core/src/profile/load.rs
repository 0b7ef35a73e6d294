//! Reading a profile: on top of which one it stands, and whether it contradicts itself.
//!
//! An office's own profile names the built-in one it is `based-on` and writes only what differs: a value replaces the
//! base's, a line of the scope table replaces the line of the same number or is added. The result is then
//! judged as a whole, and everything that can't be is reported at once, with its place.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;

use toml::Spanned;
use toml::Table;
use toml::Value;
use toml::de::{DeTable, DeValue};

use super::{Method, Profile, Run, ScopeLine};
use crate::finding::Severity;
use crate::reading::DocType;
use crate::rules::RuleId;
use crate::text;
use crate::text::Text;

/// The names of the built-in profiles; the first is the default.
pub const BUILT_IN: [&str; 4] = ["futian-2006", "jianyang-2005", "zaduo-2017", "national-2022"];

fn built_in_text(name: &str) -> Option<&'static str> {
    Some(match name {
        "futian-2006" => include_str!("../../profiles/futian-2006.toml"),
        "jianyang-2005" => include_str!("../../profiles/jianyang-2005.toml"),
        "zaduo-2017" => include_str!("../../profiles/zaduo-2017.toml"),
        "national-2022" => include_str!("../../profiles/national-2022.toml"),
        _ => return None,
    })
}

/// The names of the built-in scope tables.
pub const SCOPE_TABLES: [&str; 2] = ["1987", "2006"];

fn scope_table_text(name: &str) -> Option<&'static str> {
    Some(match name {
        "1987" => include_str!("../../profiles/scope/1987.toml"),
        "2006" => include_str!("../../profiles/scope/2006.toml"),
        _ => return None,
    })
}

/// Rules that hold everywhere: an institution can't make a breach of them weigh less.
pub const FIXED: [RuleId; 6] = [RuleId::K4, RuleId::S1, RuleId::U1, RuleId::U3, RuleId::D1, RuleId::D2];

/// A place in the text of a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spot {
    /// The line, from 1.
    pub line: usize,
    /// The character in it, from 1.
    pub column: usize,
    /// How many characters of that line it covers.
    pub length: usize,
}

impl Spot {
    /// Where some bytes of a text stand.
    fn of(text: &str, bytes: &Range<usize>) -> Option<Self> {
        let before = text.get(..bytes.start)?;
        let in_line = before.rsplit('\n').next().unwrap_or_default();
        let wrong = text.get(bytes.clone())?.lines().next().unwrap_or_default();
        Some(Self {
            line: 1 + before.matches('\n').count(),
            column: 1 + in_line.chars().count(),
            length: wrong.chars().count().max(1),
        })
    }
}

/// `file:line:column` without the file, as editors understand it.
impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// One thing a profile says that can't be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contradiction {
    /// The key, e.g. `deadlines.filing` or `retention.scope[3].period`; empty where it isn't known.
    pub key: String,
    /// Where the profile's own text says it; absent where the value comes from the profile it is based on.
    pub spot: Option<Spot>,
    /// What is wrong, one sentence.
    pub message: Text,
}

impl fmt::Display for Contradiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { key, message: Text { zh, en }, .. } = self;
        match self.spot {
            Some(Spot { line, column, .. }) => {
                write!(
                    f,
                    "第 {line} 行第 {column} 列 {key}：{zh} / line {line}, column {column}, {key}: {en}"
                )
            }
            None => write!(f, "{key}：{zh} / {key}: {en}"),
        }
    }
}

fn listed(contradictions: &[Contradiction]) -> String {
    contradictions.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// Why a profile can't be used.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ProfileError {
    /// No built-in profile has this name.
    #[error("没有名为 {0} 的规则集 / no profile is called {0}")]
    Unknown(String),
    /// The text is no profile: what the TOML reader says, and where.
    #[error("规则集无法读取 / the profile can't be read:\n{0}")]
    Unreadable(Contradiction),
    /// It says things that can't all be so; every one of them.
    #[error("规则集自相矛盾 / the profile contradicts itself:\n{}", listed(.0))]
    Contradictory(Vec<Contradiction>),
}

impl Profile {
    /// A built-in profile by name.
    pub fn built_in(name: &str) -> Result<Self, ProfileError> {
        Self::load(built_in_text(name).ok_or_else(|| ProfileError::Unknown(name.to_owned()))?)
    }

    /// Reads a profile: written out in full, or a few lines on top of a built-in one (`based-on = "futian-2006"`).
    pub fn load(text: &str) -> Result<Self, ProfileError> {
        let own = parse(text)?;
        let unreadable = |error: &toml::de::Error| unreadable(error, text);
        let merged = on_its_base(own, 0)?;
        // Values of an office's own are best reported from its own text, where line and column are known.
        let mut profile: Self = match toml::from_str::<Self>(text) {
            Ok(profile) if profile.based_on.is_none() => profile,
            _ => Value::Table(merged).try_into().map_err(|error: toml::de::Error| unreadable(&error))?,
        };
        profile.complete_scope()?;
        let contradictions = Judge::of(&profile, text);
        if contradictions.is_empty() { Ok(profile) } else { Err(ProfileError::Contradictory(contradictions)) }
    }

    /// Adds the lines of the scope table it names behind its own.
    fn complete_scope(&mut self) -> Result<(), ProfileError> {
        for line in &mut self.retention.scope {
            if line.source.is_empty() {
                line.source.clone_from(&self.source);
            }
        }
        let Some(name) = &self.retention.table else { return Ok(()) };
        // An unknown name is a contradiction, reported with the others.
        let Some(text) = scope_table_text(name) else { return Ok(()) };
        let table: ScopeTable = toml::from_str(text).map_err(|error| unreadable(&error, text))?;
        let known: BTreeSet<String> = self.retention.scope.iter().map(|line| line.no.clone()).collect();
        self.retention.scope.extend(
            table
                .line
                .into_iter()
                .filter(|line| !known.contains(&line.no))
                .map(|line| ScopeLine { source: table.source.clone(), ..line }),
        );
        Ok(())
    }

    /// The whole profile as a file, ready to be changed.
    pub fn to_toml(&self) -> Result<String, ProfileError> {
        toml::to_string_pretty(self).map_err(|error| unwritable(&error))
    }

    /// What differs between two profiles, key by key, in order.
    pub fn differences(&self, other: &Self) -> Result<Vec<Difference>, ProfileError> {
        let flat = |profile: &Self| -> Result<Vec<(String, String)>, ProfileError> {
            let table = Table::try_from(profile).map_err(|error| unwritable(&error))?;
            let mut values = Vec::new();
            flatten("", &Value::Table(table), &mut values);
            values.sort();
            Ok(values)
        };
        let (here, there) = (flat(self)?, flat(other)?);
        let value = |values: &[(String, String)], key: &str| {
            values.binary_search_by(|(known, _)| known.as_str().cmp(key)).ok().map(|at| values[at].1.clone())
        };
        let keys: BTreeSet<&String> = here.iter().chain(&there).map(|(key, _)| key).collect();
        Ok(keys
            .into_iter()
            .map(|key| Difference { key: key.clone(), here: value(&here, key), there: value(&there, key) })
            .filter(|difference| difference.here != difference.there)
            .collect())
    }
}

/// One value in which two profiles differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The key, e.g. `deadlines.filing`; lines of the scope table by their number.
    pub key: String,
    /// What the first profile says.
    pub here: Option<String>,
    /// What the second says.
    pub there: Option<String>,
}

fn flatten(key: &str, value: &Value, into: &mut Vec<(String, String)>) {
    let below = |name: &str| if key.is_empty() { name.to_owned() } else { format!("{key}.{name}") };
    match value {
        Value::Table(table) => {
            for (name, value) in table {
                flatten(&below(name), value, into);
            }
        }
        Value::Array(rows) if rows.iter().all(Value::is_table) && !rows.is_empty() => {
            for (index, row) in rows.iter().enumerate() {
                let name = row.get("no").or_else(|| row.get("name")).and_then(Value::as_str);
                flatten(&below(name.unwrap_or(&index.to_string())), row, into);
            }
        }
        other => into.push((key.to_owned(), plain(other))),
    }
}

/// A value as people read it.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Integer(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Boolean(yes) => yes.to_string(),
        Value::Datetime(date) => date.to_string(),
        Value::Array(values) => values.iter().map(plain).collect::<Vec<_>>().join("、"),
        Value::Table(table) => {
            table.iter().map(|(key, value)| format!("{key}={}", plain(value))).collect::<Vec<_>>().join(" ")
        }
    }
}

/// A file of the scope tables.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct ScopeTable {
    source: String,
    line: Vec<ScopeLine>,
}

/// What the TOML reader says, with its place: the one it names, or that of the key it speaks of.
fn unreadable(error: &toml::de::Error, text: &str) -> ProfileError {
    let (said, whole) = (error.message(), error.to_string());
    let quoted = |after: &str| {
        let (_, rest) = whole.split_once(after)?;
        Some(rest.split('`').next().unwrap_or_default().to_owned())
    };
    let unknown = said.contains("unknown field").then(|| quoted("unknown field `")).flatten();
    let missing = said.contains("missing field").then(|| quoted("missing field `")).flatten();
    let key = unknown.clone().or_else(|| quoted("\nin `")).unwrap_or_default();
    let spot = error
        .span()
        .and_then(|bytes| Spot::of(text, &bytes))
        .or_else(|| Spot::of(text, &key_in(text, &key)?));
    let message = match (&unknown, &missing) {
        (Some(name), _) => text!("不认识的项“{name}”", "there is no such key: {name}"),
        (_, Some(name)) => text!("缺少“{name}”", "{name} is missing"),
        _ => text!("不合 TOML 的写法或类型不对：{said}", "{said}"),
    };
    ProfileError::Unreadable(Contradiction { key, spot, message })
}

/// Where a key, whole (`deadlines.filing`) or only its last part, is written.
fn key_in(text: &str, key: &str) -> Option<Range<usize>> {
    fn walk(table: &DeTable<'_>, wanted: &str) -> Option<Range<usize>> {
        for (name, value) in table {
            if name.get_ref().as_ref() == wanted {
                return Some(name.span());
            }
            let below = match value.get_ref() {
                DeValue::Table(below) => walk(below, wanted),
                DeValue::Array(rows) => rows.iter().find_map(|row| match row.get_ref() {
                    DeValue::Table(below) => walk(below, wanted),
                    _ => None,
                }),
                _ => None,
            };
            if below.is_some() {
                return below;
            }
        }
        None
    }
    let wanted = key.rsplit('.').next().filter(|wanted| !wanted.is_empty())?;
    walk(DeTable::parse(text).ok()?.get_ref(), wanted)
}

fn unwritable(error: &impl fmt::Display) -> ProfileError {
    let message = text!("写不出：{error}", "it can't be written: {error}");
    ProfileError::Unreadable(Contradiction { key: String::new(), spot: None, message })
}

fn parse(text: &str) -> Result<Table, ProfileError> {
    toml::from_str(text).map_err(|error: toml::de::Error| unreadable(&error, text))
}

/// The profile laid over the one it is based on.
fn on_its_base(own: Table, depth: u8) -> Result<Table, ProfileError> {
    let Some(name) = own.get("based-on").and_then(Value::as_str) else { return Ok(own) };
    let base =
        built_in_text(name).filter(|_| depth < 4).ok_or_else(|| ProfileError::Unknown(name.to_owned()))?;
    let mut merged = on_its_base(parse(base)?, depth + 1)?;
    lay_over(&mut merged, own);
    Ok(merged)
}

fn lay_over(base: &mut Table, own: Table) {
    for (key, value) in own {
        match (base.get_mut(&key), value) {
            (Some(Value::Table(below)), Value::Table(above)) => lay_over(below, above),
            (Some(Value::Array(below)), Value::Array(above)) if key == "scope" => {
                let mut lines = above;
                let number = |line: &Value| line.get("no").and_then(Value::as_str).map(ToOwned::to_owned);
                let known: BTreeSet<Option<String>> = lines.iter().map(number).collect();
                lines.extend(below.drain(..).filter(|line| !known.contains(&number(line))));
                *below = lines;
            }
            (_, value) => {
                base.insert(key, value);
            }
        }
    }
}

/// Looks for what can't be, and where it is written.
struct Judge<'a> {
    written: Option<Spanned<DeTable<'a>>>,
    text: &'a str,
    found: Vec<Contradiction>,
}

impl<'a> Judge<'a> {
    fn of(profile: &Profile, text: &'a str) -> Vec<Contradiction> {
        let mut judge = Self { written: DeTable::parse(text).ok(), text, found: Vec::new() };
        judge.numbering(profile);
        judge.amounts(profile);
        judge.scope(profile);
        judge.reading_room(profile);
        judge.severities(profile);
        judge.found
    }

    fn say(&mut self, key: &str, message: Text) {
        let spot = self.spot_of(key);
        self.found.push(Contradiction { key: key.to_owned(), spot, message });
    }

    /// Where the value of a key is written, or the nearest table around it.
    fn spot_of(&self, key: &str) -> Option<Spot> {
        let mut table = self.written.as_ref()?.get_ref();
        let mut spot = None;
        for name in key.split('.') {
            let (name, index) = match name.split_once('[') {
                Some((name, index)) => (name, index.trim_end_matches(']').parse::<usize>().ok()),
                None => (name, None),
            };
            let value =
                table.iter().find(|(known, _)| known.get_ref().as_ref() == name).map(|(_, value)| value);
            let Some(mut value) = value else { break };
            if let (Some(index), DeValue::Array(rows)) = (index, value.get_ref()) {
                match rows.get(index) {
                    Some(row) => value = row,
                    None => break,
                }
            }
            spot = Spot::of(self.text, &value.span());
            match value.get_ref() {
                DeValue::Table(below) => table = below,
                _ => break,
            }
        }
        spot
    }

    /// A table with a hole would leave a case to chance, and one with an overlap would decide it twice.
    fn reading_room(&mut self, profile: &Profile) {
        for fault in profile.reading_room.faults() {
            let (reader, record, action) = (fault.reader, fault.record, fault.action);
            self.say(
                "reading-room.decisions",
                if fault.lines == 0 {
                    text!(
                        "没有一行管到 {reader}、{record}、{action}",
                        "no line speaks of {reader}, {record}, {action}"
                    )
                } else {
                    text!(
                        "不止一行管到 {reader}、{record}、{action}",
                        "more than one line speaks of {reader}, {record}, {action}"
                    )
                },
            );
        }
    }

    fn numbering(&mut self, profile: &Profile) {
        const KNOWN: [&str; 7] = ["fonds", "catalogue", "year", "period", "section", "volume", "item"];
        let numbering = &profile.numbering;
        for (key, template) in
            [("numbering.code", &numbering.code), ("numbering.catalogue-no", &numbering.catalogue_no)]
        {
            for name in template.split('{').skip(1).filter_map(|rest| rest.split('}').next()) {
                if !KNOWN.contains(&name) && name != "side" {
                    self.say(
                        key,
                        text!("“{{{name}}}”不是可填的项", "{{{name}}} is nothing that can be filled in"),
                    );
                }
            }
            if template.matches('{').count() != template.matches('}').count() {
                self.say(key, text!("括号 {{ }} 不成对", "the braces {{ }} don't pair"));
            }
        }
        let has = |name: &str| numbering.code.contains(&format!("{{{name}}}"));
        let needed: &[&str] = match profile.volumes.method {
            Method::Volume => &["fonds", "volume"],
            Method::Item => &["fonds", "item"],
        };
        for name in needed {
            if !has(name) {
                self.say(
                    "numbering.code",
                    text!(
                        "档号里缺 {{{name}}}，不同的卷、件会同号",
                        "the code lacks {{{name}}}, so codes would repeat"
                    ),
                );
            }
        }
        let told_apart = has("year") || (has("catalogue") && numbering.catalogue_no.contains("{year}"));
        if numbering.run == Run::PerYear && !told_apart {
            self.say(
                "numbering.run",
                text!(
                    "案卷号每年从 1 起，而档号和目录号里没有 {{year}}，各年会同号（K3）",
                    "volume numbers start anew each year, but neither code nor catalogue number holds {{year}}: codes would repeat (K3)"
                ),
            );
        }
        if has("section") && !profile.volumes.by_section {
            self.say(
                "numbering.code",
                text!(
                    "档号里有 {{section}}，而 volumes.by-section 为 false",
                    "the code holds {{section}}, but volumes.by-section is false"
                ),
            );
        }
        for (key, digits) in [
            ("numbering.volume-digits", numbering.volume_digits),
            ("numbering.item-digits", numbering.item_digits),
        ] {
            if !(1..=6).contains(&digits) {
                self.say(key, text!("位数须在 1 到 6 之间", "the number of digits is from 1 to 6"));
            }
        }
    }

    fn amounts(&mut self, profile: &Profile) {
        for (key, amount) in [
            ("volumes.max-pages", profile.volumes.max_pages),
            ("volumes.copies", u32::from(profile.volumes.copies)),
            ("titles.max-chars", u32::try_from(profile.titles.max_chars).unwrap_or(u32::MAX)),
            ("deadlines.loan-days", u32::from(profile.deadlines.loan_days)),
            ("opening.years", u32::from(profile.opening.years)),
            ("opening.catalogue-copies", u32::from(profile.opening.catalogue_copies)),
            ("opening.full-catalogue-copies", u32::from(profile.opening.full_catalogue_copies)),
        ] {
            if amount == 0 {
                self.say(key, text!("不能是 0", "can't be 0"));
            }
        }
        // 29 February isn't there every year, so it is no deadline either.
        if profile.deadlines.filing_day(2001).is_none() {
            let written = &profile.deadlines.filing;
            self.say(
                "deadlines.filing",
                text!(
                    "“{written}”不是每年都有的月日，写作 04-30",
                    "{written} is no day of every year; write 04-30"
                ),
            );
        }
        for (key, [low, high]) in [
            ("storeroom.temperature", profile.storeroom.temperature),
            ("storeroom.humidity", profile.storeroom.humidity),
        ] {
            if low >= high || low.is_nan() || high.is_nan() {
                self.say(key, text!("下限须小于上限", "the lower limit must be below the upper one"));
            }
        }
        let mut names = BTreeSet::new();
        for (index, section) in profile.sections.iter().enumerate() {
            let name = &section.name;
            if !names.insert(name) {
                self.say(
                    &format!("sections[{index}].name"),
                    text!("机构“{name}”出现两次", "section {name} stands twice"),
                );
            }
        }
    }

    fn scope(&mut self, profile: &Profile) {
        let retention = &profile.retention;
        if let Some(table) = retention.table.as_ref().filter(|table| scope_table_text(table).is_none()) {
            let known = SCOPE_TABLES.join(", ");
            self.say(
                "retention.table",
                text!(
                    "没有名为 {table} 的归档范围表，只有 {known}",
                    "no scope table is called {table}; there are {known}"
                ),
            );
        }
        let periods = retention.scheme.periods();
        let mut numbers = BTreeSet::new();
        for (index, line) in retention.scope.iter().enumerate() {
            let key = |field: &str| format!("retention.scope[{index}].{field}");
            let no = &line.no;
            if !numbers.insert(no) {
                self.say(&key("no"), text!("条款号 {no} 出现两次", "line {no} stands twice"));
            }
            if !periods.contains(&line.period) {
                let period = line.period;
                let words: Vec<String> = periods.iter().map(ToString::to_string).collect();
                let words = words.join("、");
                self.say(
                    &key("period"),
                    text!(
                        "条款 {no} 的期限“{period}”不属于所用的一套（{words}）",
                        "line {no}: {period} is no period of the scheme in use ({words})"
                    ),
                );
            }
            if line.any.is_empty() && line.all.is_empty() && line.types.is_empty() && line.makers.is_empty() {
                self.say(
                    &key("any"),
                    text!(
                        "条款 {no} 没有任何条件，会合于一切文件",
                        "line {no} has no condition and would match everything"
                    ),
                );
            }
            for word in &line.types {
                if word.parse::<DocType>().is_err() {
                    self.say(
                        &key("types"),
                        text!("条款 {no}：“{word}”不是文种", "line {no}: {word} is no document type"),
                    );
                }
            }
            for word in line.none.iter().filter(|word| line.any.contains(word) || line.all.contains(word)) {
                self.say(
                    &key("none"),
                    text!(
                        "条款 {no}：“{word}”既要有又不要有",
                        "line {no}: {word} is both wanted and unwanted"
                    ),
                );
            }
            if line.any.iter().chain(&line.all).chain(&line.none).any(|word| word.trim().is_empty()) {
                self.say(&key("any"), text!("条款 {no} 有空的词语", "line {no} has an empty word"));
            }
        }
    }

    fn severities(&mut self, profile: &Profile) {
        for (rule, severity) in &profile.severities {
            if FIXED.contains(rule) && *severity != Severity::Error {
                self.say(
                    &format!("severities.{rule}"),
                    text!("{rule} 出自法律，不能放宽", "{rule} rests on the law and can't be relaxed"),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::PeriodScheme;

    #[test]
    fn every_built_in_profile_reads_and_bears_its_name() {
        for name in BUILT_IN {
            let profile = Profile::built_in(name).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(Profile::load(&profile.to_toml().unwrap()).unwrap(), profile, "{name} written out");
            assert_eq!(profile.name, name);
            assert!(profile.retention.scope.len() > 30, "{name} has a table of scope");
            assert!(profile.retention.scope.iter().all(|line| !line.source.is_empty()));
        }
    }

    #[test]
    fn a_few_lines_on_top_of_a_built_in_profile_are_enough() {
        let profile = Profile::load(
            r#"
            name = "ours"
            based-on = "jianyang-2005"
            [deadlines]
            filing = "05-31"
            [[retention.scope]]
            no = "2.4"
            what = "政府工作简报"
            period = "永久"
            any = ["政府工作简报"]
            [severities]
            A6 = "info"
            "#,
        )
        .unwrap();
        assert_eq!(profile.deadlines.filing, "05-31");
        assert_eq!(profile.deadlines.loan_days, 14);
        assert!(profile.volumes.by_section);
        assert_eq!(profile.retention.scheme, PeriodScheme::Terms1987);
        assert_eq!(profile.retention.scope[0].what, "政府工作简报");
        assert_eq!(profile.retention.scope.iter().filter(|line| line.no == "2.4").count(), 1);
        assert_eq!(profile.severity(RuleId::A6), Severity::Info);
        let base = Profile::built_in("jianyang-2005").unwrap();
        let keys: Vec<String> = base.differences(&profile).unwrap().into_iter().map(|one| one.key).collect();
        assert!(keys.contains(&"deadlines.filing".to_owned()), "{keys:?}");
        assert!(keys.contains(&"retention.scope.2.4.period".to_owned()), "{keys:?}");
        assert!(base.differences(&base).unwrap().is_empty());
    }

    #[test]
    fn a_profile_that_contradicts_itself_is_refused_with_every_place() {
        let text = r#"name = "ours"
based-on = "futian-2006"

[deadlines]
filing = "02-30"

[numbering]
catalogue-no = "{period}"

[[retention.scope]]
no = "9"
what = "甲"
period = "定期30年"
any = ["甲"]

[severities]
S1 = "info"
"#;
        let Err(ProfileError::Contradictory(found)) = Profile::load(text) else { panic!("accepted") };
        let places: Vec<(&str, Option<usize>)> =
            found.iter().map(|one| (one.key.as_str(), one.spot.map(|spot| spot.line))).collect();
        assert_eq!(
            places,
            [
                ("numbering.run", Some(7)),
                ("deadlines.filing", Some(5)),
                ("retention.scope[0].period", Some(13)),
                ("severities.S1", Some(17)),
            ]
        );
    }

    #[test]
    fn what_is_no_profile_says_where() {
        let Err(ProfileError::Unreadable(fault)) = Profile::load("name = \n") else { panic!("accepted") };
        assert_eq!(fault.spot.map(|spot| spot.line), Some(1));
        assert!(matches!(Profile::load("based-on = \"none\""), Err(ProfileError::Unknown(_))));
        assert!(matches!(Profile::built_in("nowhere"), Err(ProfileError::Unknown(_))));
        let misspelt = "based-on = \"futian-2006\"\nname = \"x\"\n[deadlines]\nfilling = \"04-30\"\n";
        let Err(ProfileError::Unreadable(fault)) = Profile::load(misspelt) else { panic!("accepted") };
        assert_eq!(fault.spot, Some(Spot { line: 4, column: 1, length: 7 }));
        assert_eq!(fault.message.zh, "不认识的项“filling”");
        let wrong = "based-on = \"futian-2006\"\nname = \"x\"\n[deadlines]\nloan-days = \"两周\"\n";
        let Err(ProfileError::Unreadable(fault)) = Profile::load(wrong) else { panic!("accepted") };
        assert_eq!(fault.spot.map(|spot| spot.line), Some(4), "{fault:?}");
    }
}
