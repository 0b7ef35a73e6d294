//! Charts in a spreadsheet: the figures, and the program's own charts over them, so that they can be changed.

use rust_xlsxwriter::{
    Chart as Drawn, ChartFormat, ChartLine, ChartLineDashType, ChartType, Color, Format, Worksheet, XlsxError,
};

use crate::document::{Bars, Chart, Course, Panel};

/// Rows a drawn chart takes.
const HEIGHT: u32 = 18;

/// Writes a chart: its figures at the right, its pictures at the left.
pub(super) fn write(sheet: &mut Worksheet, chart: &Chart) -> Result<(), XlsxError> {
    let title = Format::new().set_bold().set_font_name("宋体").set_font_size(16);
    sheet.write_string_with_format(0, 0, &chart.title, &title)?;
    sheet.write_string(1, 0, &chart.note)?;
    let mut column = 12;
    for (nth, panel) in (0_u32..).zip(&chart.panels) {
        let mut drawn = match panel {
            Panel::Course(course) => course_of(sheet, course, column)?,
            Panel::Bars(bars) => bars_of(sheet, bars, column)?,
        };
        drawn.set_width(820).set_height(330);
        sheet.insert_chart(3 + nth * HEIGHT, 0, &drawn)?;
        column += 6;
    }
    Ok(())
}

fn course_of(sheet: &mut Worksheet, course: &Course, column: u16) -> Result<Drawn, XlsxError> {
    for (at, head) in (column..).zip(["日", "最低", "最高", "下限", "上限"]) {
        sheet.write_string(2, at, head)?;
    }
    let mut row = 3;
    for day in 1..=course.of_days {
        sheet.write_number(row, column, day)?;
        if let Some((_, low, high)) = course.days.iter().find(|(at, _, _)| *at == day) {
            sheet.write_number(row, column + 1, *low)?;
            sheet.write_number(row, column + 2, *high)?;
        }
        sheet.write_number(row, column + 3, course.limits[0])?;
        sheet.write_number(row, column + 4, course.limits[1])?;
        row += 1;
    }
    let name = sheet.name();
    let last = row.saturating_sub(1);
    let mut chart = Drawn::new(ChartType::Line);
    chart.title().set_name(&course.title);
    for (nth, (label, colour, dashed)) in [
        ("最低", 0x2E_75B6, false),
        ("最高", 0xC0_0000, false),
        ("下限", 0x7F_7F7F, true),
        ("上限", 0x7F_7F7F, true),
    ]
    .into_iter()
    .enumerate()
    {
        let at = column + 1 + u16::try_from(nth).unwrap_or(0);
        let mut line = ChartLine::new();
        line.set_color(Color::RGB(colour)).set_width(1.25);
        if dashed {
            line.set_dash_type(ChartLineDashType::Dash);
        }
        chart
            .add_series()
            .set_name(label)
            .set_categories((name.as_str(), 3, column, last, column))
            .set_values((name.as_str(), 3, at, last, at))
            .set_format(ChartFormat::new().set_line(&line));
    }
    Ok(chart)
}

#[allow(clippy::cast_precision_loss)] // figures of a county
fn bars_of(sheet: &mut Worksheet, bars: &Bars, column: u16) -> Result<Drawn, XlsxError> {
    sheet.write_string(2, column, &bars.title)?;
    let mut row = 3;
    for (label, value) in &bars.bars {
        sheet.write_string(row, column, label)?;
        sheet.write_number(row, column + 1, *value as f64)?;
        row += 1;
    }
    let name = sheet.name();
    let last = row.saturating_sub(1).max(3);
    let mut chart = Drawn::new(ChartType::Column);
    chart.title().set_name(&bars.title);
    chart.legend().set_hidden();
    chart.add_series().set_categories((name.as_str(), 3, column, last, column)).set_values((
        name.as_str(),
        3,
        column + 1,
        last,
        column + 1,
    ));
    Ok(chart)
}
