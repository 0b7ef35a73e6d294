//! A proposal as a workbook.

use std::collections::BTreeMap;

use archive_core::arrange::{Explainer, TieKey};
use archive_core::model::{Entry, Item, ItemId, SecrecyLevel, TieKind, TieSource, Volume, Why};
use archive_core::text::{Lang, Text};
use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, DocProperties, ExcelDateTime, Format, FormatAlign,
    FormatBorder, Formula, Workbook, Worksheet, XlsxError,
};

use super::layout::{
    CONFIRMED, CONTENTS, DECISION, GUIDE, HOLDS, KEY, KIND, LEFT_OUT, MADE_OF, PERIOD, REASONS, REFUSED,
    SIDE, SheetLayout, TIES, VOLUME, VOLUMES, YEAR, YES,
};
use super::{PlanError, Proposal};

/// A tie surer than this needs no look.
const SURE: f32 = 0.9;

/// Lines below the last that still have lists to choose from, for volumes and ties a person adds.
const SPARE: u32 = 200;

/// Writes a proposal for a person to read and change. Reasons are in `lang`; headers and values are as
/// on paper. The same proposal gives the same bytes.
///
/// # Errors
///
/// [`PlanError::Unwritable`] when there are more items than a sheet has rows.
pub fn write(proposal: Proposal<'_>, lang: Lang) -> Result<Vec<u8>, PlanError> {
    let writer = Writer {
        proposal,
        lang,
        explainer: Explainer::new(proposal.items, proposal.profile),
        items: proposal.items.iter().map(|item| (item.id, item)).collect(),
        styles: Styles::new(),
    };
    writer.book().map_err(|error| PlanError::Unwritable { detail: error.to_string() })
}

/// How much a line needs a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Doubt {
    /// It is as the register or a person says, or follows from it.
    None,
    /// It is proposed on good grounds.
    Some,
    /// It is assumed, or something is missing.
    Much,
}

struct Styles {
    head: Format,
    lines: [Format; 3],
    edited: [Format; 3],
    locked: Format,
}

impl Styles {
    fn new() -> Self {
        let line = || Format::new().set_align(FormatAlign::Top).set_border(FormatBorder::Hair);
        // Readable in grey print too: the doubtful is darker.
        let shades = [None, Some(0x00FF_F4CC), Some(0x00FA_D4C8)];
        let shaded = |base: &dyn Fn() -> Format| {
            shades
                .map(|shade| shade.map_or_else(base, |shade| base().set_background_color(Color::RGB(shade))))
        };
        Self {
            head: Format::new()
                .set_bold()
                .set_align(FormatAlign::Center)
                .set_align(FormatAlign::VerticalCenter)
                .set_border(FormatBorder::Thin)
                .set_background_color(Color::RGB(0x00DD_E6F0)),
            lines: shaded(&|| line().set_font_color(Color::RGB(0x0055_5555))),
            edited: shaded(&|| line().set_num_format("@").set_text_wrap()),
            locked: line().set_background_color(Color::RGB(0x00E4_E4E4)),
        }
    }

    fn line(&self, doubt: Doubt) -> &Format {
        &self.lines[doubt as usize]
    }

    fn edited(&self, doubt: Doubt) -> &Format {
        &self.edited[doubt as usize]
    }
}

struct Writer<'a> {
    proposal: Proposal<'a>,
    lang: Lang,
    explainer: Explainer<'a>,
    items: BTreeMap<ItemId, &'a Item>,
    styles: Styles,
}

impl Writer<'_> {
    fn book(&self) -> Result<Vec<u8>, XlsxError> {
        let mut book = Workbook::new();
        // Workbooks carry the moment they were made; the same proposal must give the same bytes.
        let moment = ExcelDateTime::from_ymd(1980, 1, 1)?;
        book.set_properties(&DocProperties::new().set_creation_datetime(&moment));
        self.volumes(sheet(&mut book, &VOLUMES, &self.styles)?)?;
        self.contents(sheet(&mut book, &CONTENTS, &self.styles)?)?;
        self.ties(sheet(&mut book, &TIES, &self.styles)?)?;
        self.reasons(sheet(&mut book, &REASONS, &self.styles)?)?;
        self.guide(book.add_worksheet())?;
        let hidden = sheet(&mut book, &MADE_OF, &self.styles)?;
        for (row, item) in (1..).zip(self.placed()) {
            hidden.write_string(row, 0, item.0.to_string())?;
        }
        hidden.set_hidden(true);
        book.save_to_buffer()
    }

    /// The items a plan shows, in its order.
    fn placed(&self) -> Vec<ItemId> {
        let arrangement = self.proposal.arrangement;
        let bound = arrangement.volumes.iter().flat_map(|volume| &volume.entries).map(|entry| entry.item);
        bound.chain(self.left_out()).collect()
    }

    /// Items a person left out; classified ones are not in a plan at all (S1).
    fn left_out(&self) -> impl Iterator<Item = ItemId> + '_ {
        let open =
            |item: &ItemId| self.items.get(item).is_some_and(|item| item.secrecy.level == SecrecyLevel::None);
        self.proposal.arrangement.left_out.iter().map(|(item, _)| *item).filter(open)
    }

    fn say<'t>(&self, text: &'t Text) -> &'t str {
        text.in_lang(self.lang)
    }

    fn volumes(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let volumes = &self.proposal.arrangement.volumes;
        let last = u32::try_from(volumes.len()).unwrap_or(u32::MAX).saturating_add(SPARE);
        for (row, volume) in (1_u32..).zip(volumes) {
            let doubts = self.volume_doubts(volume);
            let doubt = doubts.iter().map(|(doubt, _)| *doubt).max().unwrap_or(Doubt::None);
            let locked = volume.number.is_some();
            let line = if locked { &self.styles.locked } else { self.styles.line(doubt) };
            let edited = if locked { &self.styles.locked } else { self.styles.edited(doubt) };
            let sums = [("件数", "COUNTIF"), ("页数", "SUMIF")];
            let counts = [volume.entries.len().to_string(), self.pages(volume).to_string()];
            sheet.write_string_with_format(row, 0, row.to_string(), edited)?;
            sheet.write_string_with_format(row, 1, volume.year.to_string(), edited)?;
            sheet.write_string_with_format(row, 2, volume.side.word(), edited)?;
            sheet.write_string_with_format(row, 3, volume.period.to_string(), edited)?;
            sheet.write_string_with_format(row, 4, volume.section.as_deref().unwrap_or_default(), edited)?;
            sheet.write_string_with_format(row, 5, &volume.title, edited)?;
            let confirmed = if self.is_confirmed(volume) { YES } else { "" };
            sheet.write_string_with_format(row, 6, confirmed, edited)?;
            for ((header, function), shown) in sums.into_iter().zip(counts) {
                let pages = if function == "SUMIF" { ",卷内!$H:$H" } else { "" };
                let formula = format!("={function}(卷内!$A:$A,$A{}{pages})", row + 1);
                let formula = Formula::new(formula).set_result(shown);
                sheet.write_formula_with_format(row, VOLUMES.at(header), formula, line)?;
            }
            sheet.write_string_with_format(row, 9, self.dates(volume), line)?;
            let why: Vec<&str> = volume.why.iter().map(|reason| self.say(&reason.text)).collect();
            sheet.write_string_with_format(row, 10, why.join("；"), line)?;
            let code = volume.number.as_ref().map(|number| number.code.as_str()).unwrap_or_default();
            sheet.write_string_with_format(row, 11, code, line)?;
            let said: Vec<&str> = doubts.iter().map(|(_, text)| self.say(text)).collect();
            sheet.write_string_with_format(row, 12, said.join("；"), line)?;
            sheet.set_row_height(row, height(&volume.title, 60))?;
        }
        let mut years: Vec<String> = volumes
            .iter()
            .flat_map(|volume| [volume.year - 1, volume.year, volume.year + 1])
            .map(|year| year.to_string())
            .collect();
        years.sort();
        years.dedup();
        if !years.is_empty() && years.len() <= 40 {
            choose(sheet, &VOLUMES, YEAR, last, &years)?;
        }
        choose(sheet, &VOLUMES, SIDE, last, &["党".to_owned(), "政".to_owned()])?;
        let periods = self.proposal.profile.retention.scheme.periods();
        let periods: Vec<String> = periods.iter().map(ToString::to_string).collect();
        choose(sheet, &VOLUMES, PERIOD, last, &periods)?;
        choose(sheet, &VOLUMES, CONFIRMED, last, &[YES.to_owned()])?;
        finish(sheet, &VOLUMES, volumes.len())
    }

    fn contents(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let volumes = &self.proposal.arrangement.volumes;
        let mut row = 0;
        for (number, volume) in (1_u32..).zip(volumes) {
            for (position, entry) in (1_u32..).zip(&volume.entries) {
                row += 1;
                let doubts = self.entry_doubts(entry);
                let doubt = doubts.iter().map(|(doubt, _)| *doubt).max().unwrap_or(Doubt::None);
                let locked = volume.number.is_some();
                let edited = if locked { &self.styles.locked } else { self.styles.edited(doubt) };
                let line = if locked { &self.styles.locked } else { self.styles.line(doubt) };
                sheet.write_string_with_format(row, 0, number.to_string(), edited)?;
                sheet.write_number_with_format(row, 1, position, edited)?;
                let reasons = self.explainer.entry(entry);
                let last = reasons.iter().rev().find(|reason| reason.rule != archive_core::rules::RuleId::L1);
                let why = last.map(|reason| self.say(&reason.text)).unwrap_or_default();
                let doubts: Vec<&str> = doubts.iter().map(|(_, text)| self.say(text)).collect();
                self.item(sheet, row, entry.item, &entry.title, [why, &doubts.join("；")], [edited, line])?;
            }
        }
        for item in self.left_out() {
            row += 1;
            let (edited, line) = (self.styles.edited(Doubt::None), self.styles.line(Doubt::None));
            sheet.write_string_with_format(row, 0, LEFT_OUT, edited)?;
            let title = self.items.get(&item).map(|item| item.title.clone()).unwrap_or_default();
            self.item(sheet, row, item, &title, ["", ""], [edited, line])?;
            let reason = self.proposal.decisions.left_out.get(&item).map_or("", String::as_str);
            sheet.write_string_with_format(row, CONTENTS.at(super::layout::REASON), reason, edited)?;
        }
        let until = u32::try_from(volumes.len()).unwrap_or(u32::MAX).saturating_add(1 + SPARE);
        let known = DataValidation::new()
            .allow_list_formula(Formula::new(format!("=案卷!$A$2:$A${until}")))
            // A new number, or 不归档, may be typed.
            .set_error_style(DataValidationErrorStyle::Information)
            .ignore_blank(true);
        sheet.add_data_validation(1, CONTENTS.at(VOLUME), row.max(1), CONTENTS.at(VOLUME), &known)?;
        sheet.set_column_hidden(CONTENTS.at(KEY))?;
        finish(sheet, &CONTENTS, row as usize)
    }

    /// What a line of 卷内 says of its item.
    fn item(
        &self,
        sheet: &mut Worksheet,
        row: u32,
        id: ItemId,
        title: &str,
        [why, doubts]: [&str; 2],
        [edited, line]: [&Format; 2],
    ) -> Result<(), XlsxError> {
        let Some(item) = self.items.get(&id) else { return Ok(()) };
        let number = item.number.as_ref().map(ToString::to_string).unwrap_or_default();
        let date = item.date.date().map_or_else(|| item.date.original.clone(), |date| date.to_string());
        sheet.write_string_with_format(row, 2, &item.row, line)?;
        sheet.write_string_with_format(row, 3, item.bodies.join("、"), line)?;
        sheet.write_string_with_format(row, 4, number, line)?;
        sheet.write_string_with_format(row, 5, title, edited)?;
        sheet.write_string_with_format(row, 6, date, line)?;
        match item.pages {
            Some(pages) => sheet.write_number_with_format(row, 7, pages, line)?,
            None => sheet.write_blank(row, 7, line)?,
        };
        sheet.write_string_with_format(row, 8, why, line)?;
        sheet.write_string_with_format(row, 9, doubts, line)?;
        sheet.write_blank(row, 10, edited)?;
        sheet.write_string_with_format(row, 11, id.0.to_string(), line)?;
        sheet.set_row_height(row, height(title, 60))?;
        Ok(())
    }

    fn ties(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let mut lines: Vec<(f32, TieKey, String, &str)> = Vec::new();
        for tie in &self.proposal.arrangement.ties {
            let key = TieKey { from: tie.from, to: tie.to, kind: tie.kind };
            if let TieSource::Proposed { confidence, grounds } = &tie.source {
                lines.push((*confidence, key, self.say(grounds).to_owned(), ""));
            } else if self.proposal.decisions.confirmed_ties.contains(&key) {
                lines.push((1.0, key, String::new(), HOLDS));
            }
        }
        for key in &self.proposal.decisions.refused_ties {
            lines.push((0.0, *key, String::new(), REFUSED));
        }
        // The undecided first, the least sure of them at the top.
        lines.sort_by(|a, b| {
            (!a.3.is_empty(), a.0, a.1).partial_cmp(&(!b.3.is_empty(), b.0, b.1)).unwrap_or(a.1.cmp(&b.1))
        });
        for (row, (confidence, key, grounds, decision)) in (1_u32..).zip(&lines) {
            let doubt = match decision {
                &"" if *confidence < 0.6 => Doubt::Much,
                &"" if *confidence < SURE => Doubt::Some,
                _ => Doubt::None,
            };
            let (edited, line) = (self.styles.edited(doubt), self.styles.line(doubt));
            let of = |id: ItemId| self.items.get(&id).map(|item| (item.row.clone(), item.title.clone()));
            let (from, from_title) = of(key.from).unwrap_or_default();
            let (to, to_title) = of(key.to).unwrap_or_default();
            let sure =
                if decision.is_empty() { format!("{:.0}%", confidence * 100.0) } else { String::new() };
            let cells = [&from, &from_title, key.kind.word(), &to, &to_title, &sure, grounds];
            for (column, cell) in (0..).zip(cells) {
                let format = if TIES.at(KIND) == column { edited } else { line };
                sheet.write_string_with_format(row, column, cell, format)?;
            }
            sheet.write_string_with_format(row, TIES.at(DECISION), *decision, edited)?;
            sheet.write_string_with_format(row, 8, key.from.0.to_string(), line)?;
            sheet.write_string_with_format(row, 9, key.to.0.to_string(), line)?;
        }
        let last = u32::try_from(lines.len()).unwrap_or(u32::MAX).saturating_add(SPARE);
        let kinds: Vec<String> = TieKind::ALL.iter().map(|kind| kind.word().to_owned()).collect();
        choose(sheet, &TIES, KIND, last, &kinds)?;
        choose(sheet, &TIES, DECISION, last, &[HOLDS.to_owned(), REFUSED.to_owned()])?;
        sheet.set_column_hidden(8)?;
        sheet.set_column_hidden(9)?;
        finish(sheet, &TIES, lines.len())
    }

    fn reasons(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let mut row = 0;
        let line = self.styles.line(Doubt::None);
        let mut put = |sheet: &mut Worksheet, cells: [&str; 6]| -> Result<(), XlsxError> {
            row += 1;
            for (column, cell) in (0..).zip(cells) {
                sheet.write_string_with_format(row, column, cell, line)?;
            }
            Ok(())
        };
        for (number, volume) in (1_u32..).zip(&self.proposal.arrangement.volumes) {
            let number = number.to_string();
            for reason in &volume.why {
                let (rule, source) = (reason.rule.name(), reason.rule.rule().source);
                put(sheet, [&number, "", &volume.title, rule, self.say(&reason.text), source])?;
            }
            for entry in &volume.entries {
                let item = self.items.get(&entry.item).map_or("", |item| item.row.as_str());
                for reason in self.explainer.entry(entry) {
                    let (rule, source) = (reason.rule.name(), reason.rule.rule().source);
                    put(sheet, [&number, item, &entry.title, rule, self.say(&reason.text), source])?;
                }
            }
        }
        for (item, reason) in &self.proposal.arrangement.left_out {
            let item = self.items.get(item).map_or("", |item| item.row.as_str());
            let (rule, source) = (reason.rule.name(), reason.rule.rule().source);
            put(sheet, ["", item, "", rule, self.say(&reason.text), source])?;
        }
        finish(sheet, &REASONS, row as usize)
    }

    fn guide(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        sheet.set_name(GUIDE)?;
        sheet.set_column_width(0, 110.0)?;
        let head = Format::new().set_bold().set_font_size(14.0);
        let wrap = Format::new().set_text_wrap().set_align(FormatAlign::Top);
        let title = Text::fixed("怎样审改这份组卷方案", "How to review this plan");
        sheet.write_string_with_format(0, 0, self.say(&title), &head)?;
        for (row, line) in (2..).zip(&GUIDE_LINES) {
            let line = self.say(line);
            sheet.write_string_with_format(row, 0, line, &wrap)?;
            sheet.set_row_height(row, height(line, 110))?;
        }
        Ok(())
    }

    fn pages(&self, volume: &Volume) -> u64 {
        let pages = |entry: &Entry| self.items.get(&entry.item).and_then(|item| item.pages);
        volume.entries.iter().filter_map(pages).map(u64::from).sum()
    }

    fn dates(&self, volume: &Volume) -> String {
        let date = |entry: &Entry| self.items.get(&entry.item).and_then(|item| item.date.date());
        let dates: Vec<_> = volume.entries.iter().filter_map(date).collect();
        match (dates.iter().min(), dates.iter().max()) {
            (Some(first), Some(last)) if first == last => first.to_string(),
            (Some(first), Some(last)) => format!("{first} — {last}"),
            _ => String::new(),
        }
    }

    /// Whether a person has settled a volume as it stands.
    fn is_confirmed(&self, volume: &Volume) -> bool {
        let decisions = self.proposal.decisions;
        decisions
            .volumes
            .iter()
            .any(|decided| decided.number.is_none() && super::apply::holds(decided, volume))
            && volume.entries.iter().all(|entry| decisions.periods.contains_key(&entry.item))
    }

    /// What a person should look at in a volume.
    fn volume_doubts(&self, volume: &Volume) -> Vec<(Doubt, Text)> {
        let mut doubts = Vec::new();
        let count =
            |test: fn(&Why) -> bool| volume.entries.iter().filter(|entry| entry.why.iter().any(test)).count();
        let assumed = count(|why| matches!(why, Why::PeriodAssumed(_)));
        if assumed > 0 {
            doubts.push((
                Doubt::Much,
                archive_core::text!("{assumed} 件的期限待定", "the period of {assumed} items is open"),
            ));
        }
        let years = count(|why| matches!(why, Why::YearAssumed(_)));
        if years > 0 {
            doubts.push((
                Doubt::Much,
                archive_core::text!("{years} 件的年度是推定的", "the year of {years} items is assumed"),
            ));
        }
        let by_line = count(|why| matches!(why, Why::PeriodByLine(_)));
        if by_line > 0 && !self.is_confirmed(volume) {
            doubts.push((
                Doubt::Some,
                archive_core::text!(
                    "{by_line} 件的期限待确认",
                    "the period of {by_line} items waits to be confirmed"
                ),
            ));
        }
        doubts
    }

    /// What a person should look at in an item's place.
    fn entry_doubts(&self, entry: &Entry) -> Vec<(Doubt, Text)> {
        entry
            .why
            .iter()
            .filter_map(|why| {
                Some(match why {
                    Why::PeriodAssumed(_) => (Doubt::Much, Text::fixed("期限待定", "period open")),
                    Why::YearAssumed(_) => (Doubt::Much, Text::fixed("年度推定", "year assumed")),
                    Why::Undated => (Doubt::Much, Text::fixed("没有日期", "no date")),
                    Why::TitleDrafted => (Doubt::Some, Text::fixed("题名是拟写的", "title drafted")),
                    Why::SideOfInstitution(_) => (Doubt::Some, Text::fixed("党政是推定的", "side assumed")),
                    Why::YearOfNumber(_) => (Doubt::Some, Text::fixed("年度取自文号", "year of the number")),
                    Why::FoundLate => (Doubt::Some, Text::fixed("后补的文件", "found late")),
                    Why::PeriodByLine(_) => (Doubt::None, Text::fixed("期限待确认", "period to confirm")),
                    _ => return None,
                })
            })
            .collect()
    }
}

/// A sheet with its header, widths, frozen panes and name.
fn sheet<'b>(
    book: &'b mut Workbook,
    layout: &SheetLayout,
    styles: &Styles,
) -> Result<&'b mut Worksheet, XlsxError> {
    let sheet = book.add_worksheet();
    sheet.set_name(layout.name)?;
    for (column, (header, width)) in (0..).zip(layout.columns) {
        sheet.write_string_with_format(0, column, *header, &styles.head)?;
        sheet.set_column_width(column, *width)?;
    }
    sheet.set_row_height(0, 24)?;
    sheet.set_freeze_panes(1, 0)?;
    Ok(sheet)
}

/// Filters and print settings, once the number of lines is known.
fn finish(sheet: &mut Worksheet, layout: &SheetLayout, lines: usize) -> Result<(), XlsxError> {
    let last = u32::try_from(lines).unwrap_or(u32::MAX);
    let columns = u16::try_from(layout.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
    sheet.autofilter(0, 0, last, columns)?;
    sheet.set_landscape();
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(0, 0)?;
    Ok(())
}

/// A list to choose from, in a column.
fn choose(
    sheet: &mut Worksheet,
    layout: &SheetLayout,
    header: &str,
    last: u32,
    values: &[String],
) -> Result<(), XlsxError> {
    let rule = DataValidation::new().allow_list_strings(values)?.ignore_blank(true);
    let column = layout.at(header);
    sheet.add_data_validation(1, column, last, column, &rule)?;
    Ok(())
}

/// The height of a row whose text wraps: no program sets it by itself for a file it didn't make.
fn height(text: &str, width: usize) -> f64 {
    let columns: usize = text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
    let lines = columns.div_ceil(width.max(1)).clamp(1, 12);
    // At most 12.
    15.0 * f64::from(u8::try_from(lines).unwrap_or(12)) + 3.0
}

/// How to work with a plan.
static GUIDE_LINES: [Text; 12] = [
    Text::fixed(
        "一、案卷表每行一卷，卷内表每行一件。改完存盘，用 archive arrange --apply 交回；没有改的照原方案。",
        "1. A line of 案卷 is a volume, a line of 卷内 an item. Save, and give it back with archive arrange --apply; what you leave alone stays as proposed.",
    ),
    Text::fixed(
        "二、把一件移到另一卷：在卷内表改「卷」列。移入的卷若年度、党政、期限不同，这一件随之改变；请在「改动理由」列写明理由。",
        "2. To move an item, change its 卷 in 卷内. It takes the year, side and period of the volume it goes to; say why in 改动理由.",
    ),
    Text::fixed(
        "三、调整卷内次序：改「位次」，可用小数（2.5 在 2 与 3 之间），以位次为准，与行的先后无关；位次留空的排在最后。",
        "3. To change the order, change 位次; 2.5 stands between 2 and 3. The 位次 counts, not the order of the lines; without one an item goes last.",
    ),
    Text::fixed(
        "四、新立一卷：在案卷表末尾加一行，「卷」用一个没有用过的编号，填年度、党政、保管期限；再把各件的「卷」改成这个编号。题名留空的由程序拟。",
        "4. To make a volume, add a line to 案卷 with a 卷 that isn't used, its year, side and period, and give its items that 卷. A title left empty is drafted.",
    ),
    Text::fixed(
        "五、撤销一卷：把其中各件移走即可，案卷表中的那一行可删可留。",
        "5. To undo a volume, move its items away; its line may stay or go.",
    ),
    Text::fixed(
        "六、不归档的：「卷」填「不归档」，并写理由。交给程序重新安排的：「卷」留空。不要删行。",
        "6. To leave an item out, write 不归档 for its 卷, with the reason. To let the program place it again, leave 卷 empty. Don't delete lines.",
    ),
    Text::fixed(
        "七、案卷的年度、党政、保管期限、归档机构、题名都可以改，卷内各件随之改变。看过没有问题的卷，「确认」列选「是」：以后不再改动，期限也算人工确认。",
        "7. A volume's year, side, period, section and title can be changed; its items follow. For a volume that is right, choose 是 under 确认: no later run changes it, and its periods count as confirmed.",
    ),
    Text::fixed(
        "八、卷内表的题名可以改；方括号［］里的是程序拟的。",
        "8. Titles of items can be changed; those in brackets were drafted.",
    ),
    Text::fixed(
        "九、存疑关联表列出程序提出的关联，把握小的在前。「决定」列选「成立」或「不成立」；也可在末尾加行，填两个序号、关系和决定。",
        "9. 存疑关联 lists the ties the program proposes, the least sure first. Choose 成立 or 不成立 under 决定; you may add lines with two 序号, a kind and a decision.",
    ),
    Text::fixed(
        "十、黄色是提议，有一定把握；红色是推定，或缺少内容，请先看；灰底的卷已经编目，不能改。",
        "10. Yellow is proposed on some grounds; red is assumed or lacks something: look there first. Volumes in grey are catalogued and can't be changed.",
    ),
    Text::fixed(
        "十一、灰字的列只供查看，改了也不起作用。隐藏的「标识」列和「原案」表请勿改动。",
        "11. Columns in grey letters are for reading only. Leave the hidden columns and the hidden sheet alone.",
    ),
    Text::fixed(
        "十二、交回时若有错，会按工作表、行、列一次全部指出，改正之前什么也不会变。",
        "12. Mistakes are all named at once, by sheet, row and column, and until they are mended nothing changes.",
    ),
];
