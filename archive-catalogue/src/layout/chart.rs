//! Charts: a year's air day by day, and figures beside one another as bars.
//!
//! A chart is lines and short texts, so it is drawn with the same marks as everything else: the PDF, the
//! OFD and the SVG show the same picture, and a reader finds the words in it.

use super::fit::{self, Area};
use super::{Align, Mark, Measure, Page, Paper, Point, Style};
use crate::document::{Bars, Chart, Course, Panel};
use crate::fonts::Role;

const THIN: f64 = 0.15;
const AXIS: f64 = 0.3;
const LABEL: Style = Style { role: Role::Song, size: 9.0, smallest: 6.0, align: Align::Centre };
/// Room at the left for the scale.
const SCALE: f64 = 14.0;
/// Room below for the days or names.
const FOOT: f64 = 8.0;

/// Draws a chart on one page, its panels one under the other.
#[allow(clippy::cast_precision_loss)] // panels and bars are few
pub fn draw(chart: &Chart, paper: &Paper, measure: &dyn Measure) -> Page {
    let mut marks = Vec::new();
    let (left, width) = (paper.left, paper.text_width());
    let title = Area { x: left, y: paper.top, width, height: 12.0 };
    fit::place(&chart.title, super::table::TITLE, title, measure, &mut marks);
    let mut y = paper.top + 14.0;
    if !chart.note.is_empty() {
        let area = Area { x: left, y, width, height: 6.0 };
        fit::place(&chart.note, LABEL.aligned(Align::Left), area, measure, &mut marks);
        y += 8.0;
    }
    let height = (paper.height - paper.bottom - y) / chart.panels.len().max(1) as f64;
    for panel in &chart.panels {
        let area = Area { x: left, y, width, height: height - 4.0 };
        match panel {
            Panel::Course(course) => draw_course(course, area, measure, &mut marks),
            Panel::Bars(bars) => draw_bars(bars, area, measure, &mut marks),
        }
        y += height;
    }
    Page { paper: *paper, marks }
}

fn line(marks: &mut Vec<Mark>, from: (f64, f64), to: (f64, f64), width: f64) {
    let point = |(x, y)| Point { x, y };
    marks.push(Mark::Line { from: point(from), to: point(to), width });
}

/// Steps of a scale that people count in: 1, 2 or 5 times a power of ten, five or so of them.
fn step(span: f64) -> f64 {
    let rough = (span / 5.0).max(1e-6);
    let power = 10_f64.powf(rough.log10().floor());
    let steps = [1.0, 2.0, 5.0, 10.0];
    steps.into_iter().map(|one| one * power).find(|step| *step >= rough).unwrap_or(10.0 * power)
}

/// The frame of a panel with its scale; gives the place for the drawing and what turns a value into a height.
fn frame(
    title: &str,
    (low, high): (f64, f64),
    area: Area,
    measure: &dyn Measure,
    marks: &mut Vec<Mark>,
) -> (Area, impl Fn(f64) -> f64 + use<>) {
    let head = Area { height: 6.0, ..area };
    let style = Style { role: Role::Hei, size: 10.5, smallest: 7.0, align: Align::Left };
    fit::place(title, style, head, measure, marks);
    let inner = Area {
        x: area.x + SCALE,
        y: area.y + 8.0,
        width: area.width - SCALE,
        height: (area.height - 8.0 - FOOT).max(10.0),
    };
    let step = step(high - low);
    let (low, high) = ((low / step).floor() * step, (high / step).ceil() * step);
    let high = if high > low { high } else { low + step };
    let (top, height) = (inner.y, inner.height);
    let at = move |value: f64| top + height * (1.0 - (value - low) / (high - low));
    let mut value = low;
    while value <= high + step / 2.0 {
        let y = at(value);
        line(marks, (inner.x, y), (inner.x + inner.width, y), THIN);
        let text = if step < 1.0 { format!("{value:.1}") } else { format!("{value:.0}") };
        let label = Area { x: area.x, y: y - 2.5, width: SCALE - 2.0, height: 5.0 };
        fit::place(&text, LABEL.aligned(Align::Right), label, measure, marks);
        value += step;
    }
    line(marks, (inner.x, inner.y), (inner.x, inner.y + inner.height), AXIS);
    (inner, at)
}

/// Months, in days from New Year, of a year with so many days.
fn months(days: u32) -> [u32; 13] {
    let leap = u32::from(days > 365);
    [
        0,
        31,
        59 + leap,
        90 + leap,
        120 + leap,
        151 + leap,
        181 + leap,
        212 + leap,
        243 + leap,
        273 + leap,
        304 + leap,
        334 + leap,
        365 + leap,
    ]
}

fn draw_course(course: &Course, area: Area, measure: &dyn Measure, marks: &mut Vec<Mark>) {
    let [lowest, highest] = course.limits;
    let low = course.days.iter().map(|(_, low, _)| *low).fold(lowest, f64::min);
    let high = course.days.iter().map(|(_, _, high)| *high).fold(highest, f64::max);
    let room = ((high - low) * 0.05).max(0.5);
    let (inner, at) = frame(&course.title, (low - room, high + room), area, measure, marks);
    let days = course.of_days.max(1);
    let x = |day: f64| inner.x + inner.width * day / f64::from(days);
    let bottom = inner.y + inner.height;
    for (month, pair) in months(days).windows(2).enumerate() {
        let (from, to) = (x(f64::from(pair[0])), x(f64::from(pair[1])));
        line(marks, (to, inner.y), (to, bottom), THIN);
        let label = Area { x: from, y: bottom + 1.0, width: to - from, height: 5.0 };
        fit::place(&format!("{}月", month + 1), LABEL, label, measure, marks);
    }
    // The limits are dashed, so that they show on a copy in black and white.
    for limit in course.limits {
        let y = at(limit);
        let mut from = inner.x;
        while from < inner.x + inner.width {
            let to = (from + 3.0).min(inner.x + inner.width);
            line(marks, (from, y), (to, y), 0.5);
            from += 5.0;
        }
    }
    let thick = (inner.width / f64::from(days) * 0.7).clamp(0.25, 2.0);
    for (day, low, high) in &course.days {
        let x = x(f64::from(*day) - 0.5);
        let (top, foot) = (at(*high), at(*low));
        // A day with one reading is a dot.
        let half = if foot - top < 0.6 { 0.3 } else { 0.0 };
        line(marks, (x, top - half), (x, foot + half), thick);
    }
}

#[allow(clippy::cast_precision_loss)] // figures of a county
fn draw_bars(bars: &Bars, area: Area, measure: &dyn Measure, marks: &mut Vec<Mark>) {
    let high = bars.bars.iter().map(|(_, value)| *value as f64).fold(1.0, f64::max);
    let (inner, at) = frame(&bars.title, (0.0, high), area, measure, marks);
    let slot = inner.width / bars.bars.len().max(1) as f64;
    let bottom = inner.y + inner.height;
    for (place, (label, value)) in bars.bars.iter().enumerate() {
        let middle = inner.x + slot * (place as f64 + 0.5);
        let top = at(*value as f64);
        if *value > 0 {
            line(marks, (middle, top), (middle, bottom), (slot * 0.5).min(14.0));
        }
        let number = Area { x: middle - slot / 2.0, y: top - 5.5, width: slot, height: 5.0 };
        fit::place(&value.to_string(), LABEL, number, measure, marks);
        let name = Area { x: middle - slot / 2.0, y: bottom + 1.0, width: slot, height: FOOT - 1.0 };
        fit::place(label, LABEL, name, measure, marks);
    }
    line(marks, (inner.x, bottom), (inner.x + inner.width, bottom), AXIS);
}

#[cfg(test)]
mod tests {
    use super::super::tests::Plain;
    use super::*;

    #[test]
    fn scales_count_in_ones_twos_and_fives() {
        let steps = [4.0, 10.0, 17.0, 60.0, 1204.0].map(step);
        assert_eq!(steps.map(|step| step.to_string()), ["1", "2", "5", "20", "500"]);
    }

    #[test]
    fn everything_drawn_stands_on_the_paper() {
        let course = Course {
            title: "温度".into(),
            limits: [14.0, 24.0],
            of_days: 366,
            days: vec![(1, -3.0, 18.0), (366, 20.0, 41.5)],
        };
        let bars =
            Bars { title: "卷数".into(), bars: vec![("永久".into(), 0), ("长期".into(), 123_456)] };
        let chart = Chart {
            title: "温湿度".into(),
            note: "一号库".into(),
            panels: vec![Panel::Course(course), Panel::Bars(bars)],
        };
        let paper = Paper::A4_LANDSCAPE;
        let page = draw(&chart, &paper, &Plain);
        assert!(page.marks.len() > 50);
        for mark in &page.marks {
            let points = match mark {
                Mark::Text { at, .. } => vec![*at],
                Mark::Line { from, to, .. } => vec![*from, *to],
            };
            for point in points {
                assert!(
                    (0.0..=paper.width).contains(&point.x) && (0.0..=paper.height).contains(&point.y),
                    "{mark:?}"
                );
            }
        }
    }
}
