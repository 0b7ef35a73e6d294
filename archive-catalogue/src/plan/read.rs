//! A workbook that was given back, as an edited plan: everything in it that can be judged by itself.

use std::collections::{BTreeMap, BTreeSet};

use archive_core::arrange::TieKey;
use archive_core::finding::{Finding, Place, Severity};
use archive_core::model::{Item, ItemId, RetentionPeriod, SecrecyLevel, Side, TieKind};
use archive_core::rules::RuleId;
use archive_core::text;
use archive_core::text::Text;

use super::layout::{
    CONFIRMED, CONTENTS, DECISION, FROM, FROM_KEY, HOLDS, KEY, KIND, LEFT_OUT, MADE_OF, PERIOD, POSITION,
    REASON, REFUSED, ROW, SECTION, SIDE, TIES, TITLE, TO, TO_KEY, VOLUME, VOLUMES, YEAR, YES,
};
use super::table::{Line, Table};
use super::{PlanError, Proposal};
use crate::register::RegisterError;
use crate::register::grid::Sheet;
use crate::register::sniff::{self, Format};
use crate::register::workbook;

/// A plan as a person left it.
#[derive(Default)]
pub(super) struct Edited {
    /// The volumes, by their 卷, in the order of 案卷.
    pub(super) volumes: Vec<EditedVolume>,
    /// Where each item goes.
    pub(super) homes: BTreeMap<ItemId, Home>,
    /// Titles of items as they stand now.
    pub(super) titles: BTreeMap<ItemId, String>,
    /// Reasons given for changes.
    pub(super) reasons: BTreeMap<ItemId, String>,
    /// Ties a person judged: whether each holds.
    pub(super) ties: BTreeMap<TieKey, bool>,
    /// Ties of the workbook without a judgement.
    pub(super) unjudged: BTreeSet<TieKey>,
    /// What is wrong, and what is worth a look.
    pub(super) findings: Vec<Finding>,
}

/// A volume as a person left it.
pub(super) struct EditedVolume {
    pub(super) key: String,
    /// Where it stands in the workbook.
    pub(super) place: Place,
    pub(super) year: i32,
    pub(super) side: Side,
    pub(super) period: RetentionPeriod,
    pub(super) section: Option<String>,
    pub(super) title: Option<String>,
    pub(super) confirmed: bool,
    /// Its items in their order.
    pub(super) items: Vec<ItemId>,
}

/// Where an item goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Home {
    /// Into a volume of the workbook, by its place there.
    Volume(usize),
    /// Into none.
    LeftOut,
    /// Wherever the program puts it.
    Free,
}

/// Reads the workbook.
pub(super) fn read(name: &str, bytes: &[u8], proposal: Proposal<'_>) -> Result<Edited, PlanError> {
    let format = sniff::sniff(bytes)?;
    if format == Format::Delimited {
        return Err(PlanError::NoSheet(VOLUMES.name));
    }
    let sheets: Vec<Sheet> = workbook::read(bytes, format)?;
    if sheets.is_empty() {
        return Err(RegisterError::Empty.into());
    }
    let volumes = Table::find(name, &sheets, &VOLUMES, &[VOLUME, YEAR, SIDE, PERIOD, TITLE])?;
    let contents = Table::find(name, &sheets, &CONTENTS, &[VOLUME, POSITION, ROW])?;
    let ties = Table::find(name, &sheets, &TIES, &[FROM, KIND, TO, DECISION])?;
    let made_of = Table::find(name, &sheets, &MADE_OF, &[KEY]).ok();

    let mut reader = Reader { proposal, known: Known::of(proposal.items), edited: Edited::default() };
    let keys = reader.volumes(&volumes);
    reader.contents(&contents, &keys);
    if let Some(made_of) = &made_of {
        reader.deleted(made_of, &contents);
    }
    reader.ties(&ties);
    Ok(reader.edited)
}

/// The items, by what a workbook calls them.
struct Known<'a> {
    by_id: BTreeMap<ItemId, &'a Item>,
    /// By 序号; nothing where two share one.
    by_row: BTreeMap<&'a str, Option<ItemId>>,
}

impl<'a> Known<'a> {
    fn of(items: &'a [Item]) -> Self {
        let mut by_row: BTreeMap<&str, Option<ItemId>> = BTreeMap::new();
        for item in items {
            by_row.entry(item.row.trim()).and_modify(|known| *known = None).or_insert(Some(item.id));
        }
        Self { by_id: items.iter().map(|item| (item.id, item)).collect(), by_row }
    }

    /// The item of a line: by its hidden key, else by its 序号.
    fn item(&self, key: &str, row: &str) -> Result<ItemId, Unknown> {
        if !key.is_empty() {
            let id = key.parse().map(ItemId).map_err(|_| Unknown::NotThere)?;
            return self.by_id.contains_key(&id).then_some(id).ok_or(Unknown::NotThere);
        }
        match self.by_row.get(row) {
            Some(Some(id)) => Ok(*id),
            Some(None) => Err(Unknown::Several),
            None => Err(Unknown::NotThere),
        }
    }
}

/// Why a line means no item.
enum Unknown {
    NotThere,
    Several,
}

impl Unknown {
    fn finding(&self, line: &Line<'_, '_>, header: &'static str) -> Finding {
        let row = line.cell(header);
        match self {
            Self::NotThere => line.finding(
                RuleId::I4,
                header,
                text!("「{row}」不在库中", "\"{row}\" is not in the repository"),
                Text::fixed(
                    "恢复原来的序号和标识，或删去这一行",
                    "put its 序号 and key back, or remove the line",
                ),
            ),
            Self::Several => line.finding(
                RuleId::I4,
                header,
                text!("序号 {row} 不止一件", "more than one item has the 序号 {row}"),
                Text::fixed(
                    "从原方案复制这一行，连同隐藏的标识列",
                    "copy the line from the original plan with its hidden key",
                ),
            ),
        }
    }
}

struct Reader<'a> {
    proposal: Proposal<'a>,
    known: Known<'a>,
    edited: Edited,
}

impl Reader<'_> {
    fn report(&mut self, finding: Finding) {
        self.edited.findings.push(finding);
    }

    /// Reads 案卷; gives each 卷 its place, nothing for one whose line has mistakes.
    fn volumes(&mut self, table: &Table<'_>) -> BTreeMap<String, Option<usize>> {
        let mut keys: BTreeMap<String, Option<usize>> = BTreeMap::new();
        for line in table.lines() {
            let key = line.cell(VOLUME).into_owned();
            if key.is_empty() {
                self.report(line.finding(
                    RuleId::K3,
                    VOLUME,
                    Text::fixed("没有卷的编号", "the volume has no number"),
                    Text::fixed("填一个没有用过的编号", "give it a number that isn't used"),
                ));
                continue;
            }
            if keys.contains_key(&key) {
                self.report(line.finding(
                    RuleId::K3,
                    VOLUME,
                    text!("卷「{key}」上面已有", "volume \"{key}\" stands above already"),
                    Text::fixed("换一个没有用过的编号", "give it a number that isn't used"),
                ));
                continue;
            }
            let year = self.year(&line);
            let side = self.side(&line);
            let period = self.period(&line);
            let confirmed = self.confirmed(&line);
            let Some(((year, side), period)) = year.zip(side).zip(period) else {
                keys.insert(key, None);
                continue;
            };
            keys.insert(key.clone(), Some(self.edited.volumes.len()));
            let given = |header| Some(line.cell(header).into_owned()).filter(|text| !text.is_empty());
            self.edited.volumes.push(EditedVolume {
                key,
                place: line.place(VOLUME),
                year,
                side,
                period,
                section: given(SECTION),
                title: given(TITLE),
                confirmed,
                items: Vec::new(),
            });
        }
        keys
    }

    fn year(&mut self, line: &Line<'_, '_>) -> Option<i32> {
        let cell = line.cell(YEAR);
        let year = cell.trim_end_matches('年').parse().ok().filter(|year| (1800..=2200).contains(year));
        if year.is_none() {
            self.report(line.finding(
                RuleId::V1,
                YEAR,
                text!("「{cell}」不是年度", "\"{cell}\" is no year"),
                Text::fixed("年度写四位数字", "write the year in four digits"),
            ));
        }
        year
    }

    fn side(&mut self, line: &Line<'_, '_>) -> Option<Side> {
        let cell = line.cell(SIDE);
        let side = Side::read(&cell);
        if side.is_none() {
            self.report(line.finding(
                RuleId::V2,
                SIDE,
                text!("「{cell}」不是党政", "\"{cell}\" is neither 党 nor 政"),
                Text::fixed("只填 党 或 政", "write 党 or 政"),
            ));
        }
        side
    }

    fn period(&mut self, line: &Line<'_, '_>) -> Option<RetentionPeriod> {
        let cell = line.cell(PERIOD);
        let scheme = self.proposal.profile.retention.scheme;
        let words: Vec<String> = scheme.periods().iter().map(ToString::to_string).collect();
        let (zh, en) = (words.join("、"), words.join(", "));
        let help = text!("本单位用：{zh}", "this office uses {en}");
        let Ok(period) = cell.parse::<RetentionPeriod>() else {
            self.report(line.finding(
                RuleId::R1,
                PERIOD,
                text!("「{cell}」不是保管期限", "\"{cell}\" is no retention period"),
                help,
            ));
            return None;
        };
        let in_use = self.proposal.arrangement.volumes.iter().any(|volume| volume.period == period);
        if !scheme.periods().contains(&period) && !in_use {
            self.report(line.finding(
                RuleId::R1,
                PERIOD,
                text!(
                    "「{period}」不是本单位用的保管期限",
                    "\"{period}\" is no period of this office's scheme"
                ),
                help,
            ));
            return None;
        }
        Some(period)
    }

    fn confirmed(&mut self, line: &Line<'_, '_>) -> bool {
        let cell = line.cell(CONFIRMED);
        let yes = matches!(cell.as_ref(), YES | "√" | "✓" | "✔" | "1" | "TRUE");
        if !yes && !matches!(cell.as_ref(), "" | "否" | "×" | "0" | "FALSE") {
            self.report(line.finding(
                RuleId::I2,
                CONFIRMED,
                text!("「{cell}」不知何意", "what \"{cell}\" means isn't known"),
                Text::fixed("选「是」或留空", "choose 是 or leave it empty"),
            ));
        }
        yes
    }

    fn contents(&mut self, table: &Table<'_>, keys: &BTreeMap<String, Option<usize>>) {
        let mut order: Vec<Vec<(f64, ItemId)>> = vec![Vec::new(); self.edited.volumes.len()];
        for line in table.lines() {
            let id = match self.known.item(&line.cell(KEY), &line.cell(ROW)) {
                Ok(id) => id,
                Err(unknown) => {
                    let finding = unknown.finding(&line, ROW);
                    self.report(finding);
                    continue;
                }
            };
            let row = line.cell(ROW);
            if self.edited.homes.contains_key(&id) {
                self.report(line.finding(
                    RuleId::K3,
                    ROW,
                    text!("序号 {row} 上面已有一行", "{row} has a line above already"),
                    Text::fixed(
                        "一件只能在一卷里，删去多出的一行",
                        "an item stands in one volume: remove the other line",
                    ),
                ));
                continue;
            }
            if self.known.by_id.get(&id).is_some_and(|item| item.secrecy.level != SecrecyLevel::None) {
                self.report(line.finding(
                    RuleId::S1,
                    ROW,
                    text!(
                        "序号 {row} 是涉密件，不能归入案卷",
                        "{row} is classified and goes into no volume here"
                    ),
                    Text::fixed("删去这一行", "remove the line"),
                ));
                continue;
            }
            let position = self.position(&line);
            let key = line.cell(VOLUME);
            let home = match key.as_ref() {
                "" => Home::Free,
                LEFT_OUT | "剔除" | "不归" => Home::LeftOut,
                key => match keys.get(key) {
                    Some(Some(place)) => Home::Volume(*place),
                    // Its line in 案卷 was reported already.
                    Some(None) => Home::Free,
                    None => {
                        self.report(line.finding(
                            RuleId::K3,
                            VOLUME,
                            text!("没有卷「{key}」", "there is no volume \"{key}\""),
                            Text::fixed(
                                "先在案卷表加一行，用这个编号",
                                "add a line with this number to 案卷 first",
                            ),
                        ));
                        Home::Free
                    }
                },
            };
            if let Home::Volume(place) = home
                && let Some(volume) = order.get_mut(place)
            {
                volume.push((position, id));
            }
            self.edited.homes.insert(id, home);
            self.edited.titles.insert(id, line.cell(TITLE).into_owned());
            let reason = line.cell(REASON).into_owned();
            if !reason.is_empty() {
                self.edited.reasons.insert(id, reason);
            }
        }
        for (volume, mut items) in self.edited.volumes.iter_mut().zip(order) {
            // Stable: lines with the same 位次 stay in the order of the sheet.
            items.sort_by(|a, b| a.0.total_cmp(&b.0));
            volume.items = items.into_iter().map(|(_, id)| id).collect();
        }
    }

    /// A 位次; the end where there is none.
    fn position(&mut self, line: &Line<'_, '_>) -> f64 {
        let cell = line.cell(POSITION);
        if cell.is_empty() {
            return f64::INFINITY;
        }
        match cell.parse::<f64>() {
            Ok(position) if position.is_finite() => position,
            _ => {
                self.report(
                    line.finding(
                        RuleId::O8,
                        POSITION,
                        text!("「{cell}」不是位次", "\"{cell}\" is no place"),
                        Text::fixed("位次写数字，可用小数", "write a number; decimals are allowed"),
                    )
                    .at(Severity::Error),
                );
                f64::INFINITY
            }
        }
    }

    /// Items the plan was made of whose line is gone; items that came since have none.
    fn deleted(&mut self, made_of: &Table<'_>, contents: &Table<'_>) {
        let file = contents.lines().next();
        for line in made_of.lines() {
            let Ok(id) = line.cell(KEY).parse().map(ItemId) else { continue };
            let Some(item) = self.known.by_id.get(&id).filter(|_| !self.edited.homes.contains_key(&id))
            else {
                continue;
            };
            let row = item.row.clone();
            let said = text!("序号 {row} 的一行被删去了", "the line of {row} was removed");
            let help = Text::fixed(
                "恢复这一行；不归档的在「卷」列填「不归档」",
                "put it back; to leave an item out write 不归档 for its 卷",
            );
            let mut finding = file.unwrap_or(line).finding(RuleId::V5, ROW, said.clone(), help);
            finding.place.row = None;
            finding.place.item = Some(row);
            finding.message = said;
            self.report(finding);
        }
    }

    fn ties(&mut self, table: &Table<'_>) {
        for line in table.lines() {
            let decision = line.cell(DECISION);
            let holds = match decision.as_ref() {
                HOLDS | "是" | "√" | "确认" => Some(true),
                REFUSED | "否" | "×" | "否定" => Some(false),
                "" => None,
                other => {
                    self.report(line.finding(
                        RuleId::I2,
                        DECISION,
                        text!("「{other}」不知何意", "what \"{other}\" means isn't known"),
                        Text::fixed("选「成立」「不成立」或留空", "choose 成立 or 不成立, or leave it empty"),
                    ));
                    continue;
                }
            };
            let ends = [(FROM_KEY, FROM), (TO_KEY, TO)].map(|(key, row)| {
                // A key beside a 序号 that was typed over is the old one's.
                let (key, row_cell) = (line.cell(key), line.cell(row));
                let same = key.parse().ok().map(ItemId).and_then(|id| self.known.by_id.get(&id));
                let key =
                    if same.is_some_and(|item| item.row.trim() == row_cell) { key.as_ref() } else { "" };
                self.known.item(key, &row_cell).map_err(|unknown| unknown.finding(&line, row))
            });
            let kind = line.cell(KIND);
            let read = TieKind::read(&kind);
            if read.is_none() {
                self.report(line.finding(
                    RuleId::I2,
                    KIND,
                    text!("「{kind}」不是关联关系", "\"{kind}\" is no kind of tie"),
                    Text::fixed("从下拉列表中选一种", "choose one from the list"),
                ));
            }
            let (from, to) = match ends {
                [Ok(from), Ok(to)] => (from, to),
                [from, to] => {
                    for finding in [from.err(), to.err()].into_iter().flatten() {
                        self.report(finding);
                    }
                    continue;
                }
            };
            if from == to {
                self.report(line.finding(
                    RuleId::I4,
                    TO,
                    Text::fixed("自己不能与自己关联", "an item can't be tied to itself"),
                    Text::fixed("改正关联序号", "correct 关联序号"),
                ));
                continue;
            }
            let Some(kind) = read else { continue };
            let key = TieKey { from, to, kind };
            match holds {
                None => {
                    self.edited.unjudged.insert(key);
                }
                Some(holds) => {
                    if self.edited.ties.insert(key, holds).is_some_and(|before| before != holds) {
                        self.report(line.finding(
                            RuleId::I4,
                            DECISION,
                            Text::fixed(
                                "同一关联上面的决定与此相反",
                                "the same tie was decided the other way above",
                            ),
                            Text::fixed("只留一行", "keep one line"),
                        ));
                    }
                }
            }
        }
    }
}

/// Whether anything stops the plan.
pub(super) fn has_errors(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.severity == Severity::Error)
}
