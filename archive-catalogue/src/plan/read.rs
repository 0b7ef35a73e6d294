//! The cells of a plan that was given back.
//!
//! Every line becomes a line of the [`Plan`], whatever is wrong with it: a cell that can't be read is a
//! mistake, and what was proposed stands in for it, so that the rest of the plan can be judged too.

use std::collections::{BTreeMap, HashMap};

use archive_core::arrange::{Plan, PlanEntry, PlanTable, PlanTie, PlanVolume, Verdict};
use archive_core::finding::Finding;
use archive_core::model::{Item, ItemId, RetentionPeriod, Side, TieKind};
use archive_core::profile::Profile;
use archive_core::rules::RuleId;
use archive_core::text;
use archive_core::text::Text;

use super::PlanError;
use super::layout::{
    CONFIRMED, CONTENTS, KEY, KIND, LABEL, MADE_OF, PERIOD, POSITION, REASON, ROW, SECTION, SIDE, TIES,
    TITLE, TO, TO_KEY, VERDICT, VOLUME_TITLE, VOLUMES, YEAR, YES,
};
use super::table::{Line, Table};
use crate::register::RegisterError;
use crate::register::grid::Sheet;
use crate::register::sniff::{self, Format};
use crate::register::workbook;

/// The sheets of a workbook.
pub(super) fn open(bytes: &[u8]) -> Result<Vec<Sheet>, PlanError> {
    let format = sniff::sniff(bytes)?;
    if format == Format::Delimited {
        return Err(PlanError::NoSheet(VOLUMES.name));
    }
    let sheets = workbook::read(bytes, format)?;
    if sheets.is_empty() {
        return Err(RegisterError::Empty.into());
    }
    Ok(sheets)
}

/// The tables of a plan, found in a workbook.
pub(super) struct Tables<'a> {
    volumes: Table<'a>,
    contents: Table<'a>,
    ties: Table<'a>,
    made_of: Table<'a>,
}

impl<'a> Tables<'a> {
    pub(super) fn find(name: &str, sheets: &'a [Sheet]) -> Result<Self, PlanError> {
        Ok(Self {
            volumes: Table::find(name, sheets, &VOLUMES, &[LABEL, YEAR, SIDE, PERIOD, VOLUME_TITLE])?,
            contents: Table::find(name, sheets, &CONTENTS, &[LABEL, POSITION, ROW, TITLE])?,
            ties: Table::find(name, sheets, &TIES, &[ROW, KIND, TO, VERDICT])?,
            made_of: Table::find(name, sheets, &MADE_OF, &[KEY, LABEL])?,
        })
    }

    /// The table a finding of the plan speaks of.
    pub(super) fn of(&self, table: PlanTable) -> &Table<'a> {
        match table {
            PlanTable::Volumes => &self.volumes,
            PlanTable::Contents => &self.contents,
            PlanTable::Ties => &self.ties,
        }
    }

    /// What the plan was made of: each item and its volume, in order.
    pub(super) fn made_of(&self) -> Vec<(ItemId, String)> {
        let line =
            |line: Line<'_, '_>| Some((ItemId(line.cell(KEY).parse().ok()?), line.cell(LABEL).into_owned()));
        self.made_of.lines().filter_map(line).collect()
    }

    /// The plan as it stands in the cells. `base` is the plan as it was written.
    pub(super) fn plan(&self, base: &Plan, items: &[Item], profile: &Profile) -> (Plan, Vec<Finding>) {
        let mut reader = Reader { items: Items::of(items), profile, mistakes: Vec::new() };
        let plan = Plan {
            volumes: reader.volumes(&self.volumes, base),
            contents: reader.contents(&self.contents, base),
            ties: reader.ties(&self.ties, base),
        };
        (plan, reader.mistakes)
    }
}

/// The items, by what a workbook calls them.
struct Items<'a> {
    rows: HashMap<ItemId, &'a str>,
    /// By 序号; nothing where two share one.
    by_row: BTreeMap<&'a str, Option<ItemId>>,
}

impl<'a> Items<'a> {
    fn of(items: &'a [Item]) -> Self {
        let mut by_row: BTreeMap<&str, Option<ItemId>> = BTreeMap::new();
        for item in items {
            by_row.entry(item.row.trim()).and_modify(|known| *known = None).or_insert(Some(item.id));
        }
        Self { rows: items.iter().map(|item| (item.id, item.row.trim())).collect(), by_row }
    }

    /// The item of a line: by its hidden key where that fits the 序号 shown, else by the 序号.
    fn find(&self, key: &str, row: &str) -> Option<ItemId> {
        let keyed =
            key.parse().ok().map(ItemId).filter(|id| self.rows.get(id).is_some_and(|own| *own == row));
        keyed.or_else(|| self.by_row.get(row).copied().flatten())
    }
}

struct Reader<'a> {
    items: Items<'a>,
    profile: &'a Profile,
    mistakes: Vec<Finding>,
}

impl Reader<'_> {
    fn volumes(&mut self, table: &Table<'_>, base: &Plan) -> Vec<PlanVolume> {
        let was: HashMap<&str, &PlanVolume> =
            base.volumes.iter().map(|volume| (volume.label.as_str(), volume)).collect();
        table
            .lines()
            .map(|line| {
                let label = line.cell(LABEL).into_owned();
                let before = was.get(label.as_str()).copied();
                let year = self.year(line);
                let side = self.side(line);
                let period = self.period(line);
                let confirmed = self.confirmed(line);
                PlanVolume {
                    label,
                    year: year.or(before.map(|before| before.year)).unwrap_or(2000),
                    side: side.or(before.map(|before| before.side)).unwrap_or(Side::Government),
                    period: period
                        .or(before.map(|before| before.period))
                        .unwrap_or(RetentionPeriod::Permanent),
                    section: Some(line.cell(SECTION).into_owned()).filter(|section| !section.is_empty()),
                    title: line.cell(VOLUME_TITLE).into_owned(),
                    confirmed,
                    items: 0,
                    pages: 0,
                    joined_by: Vec::new(),
                    code: before.and_then(|before| before.code.clone()),
                    why: Vec::new(),
                    doubt: before.map(|before| before.doubt).unwrap_or_default(),
                    at: Some(line.number()),
                }
            })
            .collect()
    }

    fn contents(&mut self, table: &Table<'_>, base: &Plan) -> Vec<PlanEntry> {
        let was: HashMap<ItemId, &PlanEntry> =
            base.contents.iter().map(|entry| (entry.item, entry)).collect();
        let mut entries = Vec::new();
        for line in table.lines() {
            let Some(entry) = self.items.find(&line.cell(KEY), &line.cell(ROW)).and_then(|id| was.get(&id))
            else {
                self.unknown_item(line, ROW);
                continue;
            };
            let position = self.position(line);
            let given = line.cell(REASON).into_owned();
            entries.push(PlanEntry {
                volume: line.cell(LABEL).into_owned(),
                position,
                title: line.cell(TITLE).into_owned(),
                reason: if given.is_empty() { entry.reason.clone() } else { given },
                at: Some(line.number()),
                ..(*entry).clone()
            });
        }
        entries
    }

    fn ties(&mut self, table: &Table<'_>, base: &Plan) -> Vec<PlanTie> {
        let mut ties = Vec::new();
        for line in table.lines() {
            let verdict = self.verdict(line);
            let from = self.items.find(&line.cell(KEY), &line.cell(ROW));
            let to = self.items.find(&line.cell(TO_KEY), &line.cell(TO));
            let word = line.cell(KIND);
            let kind = TieKind::read(&word);
            if from.is_none() {
                self.unknown_item(line, ROW);
            }
            if to.is_none() {
                self.unknown_item(line, TO);
            }
            if kind.is_none() {
                self.mistakes.push(line.mistake(
                    RuleId::I2,
                    KIND,
                    text!("「{word}」不是关联关系", "\"{word}\" is no kind of tie"),
                    Text::fixed("从下拉列表中选一种", "choose one from the list"),
                ));
            }
            let (Some(from), Some(to), Some(kind)) = (from, to, kind) else { continue };
            if from == to {
                self.mistakes.push(line.mistake(
                    RuleId::I4,
                    TO,
                    Text::fixed("自己不能与自己关联", "an item can't be tied to itself"),
                    Text::fixed("改正关联序号", "correct 关联序号"),
                ));
                continue;
            }
            let known = base.ties.iter().find(|tie| (tie.from, tie.to, tie.kind) == (from, to, kind));
            ties.push(PlanTie {
                from,
                to,
                kind,
                from_row: line.cell(ROW).into_owned(),
                to_row: line.cell(TO).into_owned(),
                from_title: known.map(|tie| tie.from_title.clone()).unwrap_or_default(),
                to_title: known.map(|tie| tie.to_title.clone()).unwrap_or_default(),
                confidence: known.map_or(1.0, |tie| tie.confidence),
                grounds: known.map_or(Text::fixed("", ""), |tie| tie.grounds.clone()),
                verdict,
                at: Some(line.number()),
            });
        }
        ties
    }

    fn year(&mut self, line: Line<'_, '_>) -> Option<i32> {
        let cell = line.cell(YEAR);
        let year = cell.trim_end_matches('年').parse().ok();
        if year.is_none() {
            self.mistakes.push(line.mistake(
                RuleId::V1,
                YEAR,
                text!("「{cell}」不是年度", "\"{cell}\" is no year"),
                Text::fixed("年度写四位数字", "write the year in four digits"),
            ));
        }
        year
    }

    fn side(&mut self, line: Line<'_, '_>) -> Option<Side> {
        let cell = line.cell(SIDE);
        let side = Side::read(&cell);
        if side.is_none() {
            self.mistakes.push(line.mistake(
                RuleId::V2,
                SIDE,
                text!("「{cell}」不是党政", "\"{cell}\" is neither 党 nor 政"),
                Text::fixed("只填 党 或 政", "write 党 or 政"),
            ));
        }
        side
    }

    fn period(&mut self, line: Line<'_, '_>) -> Option<RetentionPeriod> {
        let cell = line.cell(PERIOD);
        let period = cell.parse().ok();
        if period.is_none() {
            let words: Vec<String> =
                self.profile.retention.scheme.periods().iter().map(ToString::to_string).collect();
            let (zh, en) = (words.join("、"), words.join(", "));
            self.mistakes.push(line.mistake(
                RuleId::R1,
                PERIOD,
                text!("「{cell}」不是保管期限", "\"{cell}\" is no retention period"),
                text!("本单位用：{zh}", "this office uses {en}"),
            ));
        }
        period
    }

    fn confirmed(&mut self, line: Line<'_, '_>) -> bool {
        let cell = line.cell(CONFIRMED);
        match cell.as_ref() {
            YES | "√" | "✓" | "✔" | "1" | "TRUE" => true,
            "" | "否" | "×" | "0" | "FALSE" => false,
            _ => {
                self.mistakes.push(line.mistake(
                    RuleId::I2,
                    CONFIRMED,
                    text!("「{cell}」不知何意", "what \"{cell}\" means isn't known"),
                    Text::fixed("选「是」或留空", "choose 是 or leave it empty"),
                ));
                false
            }
        }
    }

    /// A 位次; the end where there is none.
    fn position(&mut self, line: Line<'_, '_>) -> f64 {
        let cell = line.cell(POSITION);
        if cell.is_empty() {
            return f64::MAX;
        }
        let position = cell.parse::<f64>().ok().filter(|position| position.is_finite());
        if position.is_none() {
            self.mistakes.push(line.mistake(
                RuleId::I2,
                POSITION,
                text!("「{cell}」不是位次", "\"{cell}\" is no position"),
                Text::fixed("位次写数字，2.5 排在 2 与 3 之间", "write a number; 2.5 stands between 2 and 3"),
            ));
        }
        position.unwrap_or(f64::MAX)
    }

    fn verdict(&mut self, line: Line<'_, '_>) -> Verdict {
        let cell = line.cell(VERDICT);
        match cell.as_ref() {
            "" => Verdict::Open,
            "同意" | "是" | "√" | "成立" | "确认" => Verdict::Accepted,
            "否" | "×" | "不成立" | "不同意" | "否定" => Verdict::Refused,
            _ => {
                self.mistakes.push(line.mistake(
                    RuleId::I2,
                    VERDICT,
                    text!("「{cell}」不知何意", "what \"{cell}\" means isn't known"),
                    Text::fixed("选「同意」「否」或留空", "choose 同意 or 否, or leave it empty"),
                ));
                Verdict::Open
            }
        }
    }

    fn unknown_item(&mut self, line: Line<'_, '_>, header: &'static str) {
        let row = line.cell(header);
        self.mistakes.push(line.mistake(
            RuleId::I4,
            header,
            text!("没有序号「{row}」的文件，或不止一件", "no item, or more than one, has the 序号 \"{row}\""),
            Text::fixed(
                "改回原来的序号；从原方案复制时，连同隐藏的标识列",
                "restore its number; when copying from the original plan, copy the hidden key too",
            ),
        ));
    }
}
