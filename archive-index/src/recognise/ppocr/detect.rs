//! Where lines of text are: a network gives for each point how likely it lies in the core of a line; what
//! hangs together is a line, and gets a rectangle along its own slant.

use rten::{Model, NodeId};
use rten_tensor::prelude::*;
use rten_tensor::{NdTensor, Tensor};

use super::pixels::Grey;

/// The longest side of the picture that the network sees, in pixels: with less, small type in tables goes.
pub(super) const LONGEST: usize = 2_000;
/// The network takes sides of so many pixels and their multiples.
const STEP: usize = 32;
/// From how likely on a point belongs to a line.
const LIKELY: f32 = 0.3;
/// How likely its points must be on average.
const SURE: f32 = 0.5;
/// How much is added round a core, as a share of its area by its outline.
const ROUND: f32 = 1.6;
/// Cores thinner than this are dirt, in pixels of what the network sees.
const THIN: f32 = 3.0;
/// A line this much longer than high has a slant that can be told.
const LONG: f32 = 3.0;
/// A line this much higher than wide is read downwards.
const UPRIGHT: f32 = 1.5;

/// A rectangle round a line, in pixels of the picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct LineBox {
    /// Its middle.
    pub(super) x: f32,
    pub(super) y: f32,
    /// Which way its width runs: cosine and sine of a slant below 45°.
    pub(super) along: (f32, f32),
    pub(super) width: f32,
    pub(super) height: f32,
}

impl LineBox {
    /// Whether it is read downwards.
    pub(super) fn is_column(&self) -> bool {
        self.height >= self.width * UPRIGHT
    }

    /// The upright rectangle round it: left, top, right, bottom.
    pub(super) fn round(&self) -> (f32, f32, f32, f32) {
        let (cos, sin) = (self.along.0.abs(), self.along.1.abs());
        let wide = f32::midpoint(self.width * cos, self.height * sin);
        let high = f32::midpoint(self.width * sin, self.height * cos);
        (self.x - wide, self.y - high, self.x + wide, self.y + high)
    }

    /// Whether it covers most of another.
    pub(super) fn covers(&self, other: &Self) -> bool {
        let (ours, theirs) = (self.round(), other.round());
        let wide = (ours.2.min(theirs.2) - ours.0.max(theirs.0)).max(0.0);
        let high = (ours.3.min(theirs.3) - ours.1.max(theirs.1)).max(0.0);
        wide * high * 2.0 > (theirs.2 - theirs.0) * (theirs.3 - theirs.1)
    }
}

/// The middle of a line as the network sees it: its points on the picture, and how it slants if it is long enough to tell.
type Core = (Vec<(f32, f32)>, Option<f32>);

/// The network that finds lines.
pub(super) struct Detector {
    model: Model,
    input: NodeId,
}

impl Detector {
    pub(super) fn new(bytes: Vec<u8>) -> Result<Self, String> {
        let model = Model::load(bytes).map_err(|error| error.to_string())?;
        let input = *model.input_ids().first().ok_or("the model takes nothing")?;
        Ok(Self { model, input })
    }

    /// The lines of a picture, in no order that means anything.
    pub(super) fn find(&self, picture: &Grey, longest: usize) -> Result<Vec<LineBox>, String> {
        let side = picture.width.max(picture.height);
        if picture.width.min(picture.height) < STEP / 2 {
            return Ok(Vec::new());
        }
        let fit = |length: usize| {
            let scaled = if side > longest { length * longest / side } else { length };
            ((scaled + STEP / 2) / STEP).max(1) * STEP
        };
        let (width, height) = (fit(picture.width), fit(picture.height));
        let seen = picture.resized(width, height);
        let plane: Vec<f32> = seen.shades.iter().map(|&shade| f32::from(shade) / 127.5 - 1.0).collect();
        let input = NdTensor::from_data([1, 3, height, width], plane.repeat(3));
        let answer = self
            .model
            .run(vec![(self.input, input.view().into())], self.model.output_ids(), None)
            .map_err(|error| error.to_string())?;
        let answer = answer.into_iter().next().ok_or("the model gives nothing")?;
        let map: Tensor<f32> = answer.try_into().map_err(|_| "the model gives no numbers".to_owned())?;
        let map = map.to_vec();
        if map.len() != width * height {
            return Err("the model gives another size".to_owned());
        }
        #[expect(clippy::cast_precision_loss, reason = "small numbers")]
        let scale = (picture.width as f32 / width as f32, picture.height as f32 / height as f32);
        Ok(boxes(&map, width, height, scale))
    }
}

/// What hangs together in a map of likelihoods, as rectangles at the scale of the picture.
fn boxes(map: &[f32], width: usize, height: usize, scale: (f32, f32)) -> Vec<LineBox> {
    let mut seen = vec![false; map.len()];
    let mut cores = Vec::new();
    for start in 0..map.len() {
        if seen[start] || map[start] < LIKELY {
            continue;
        }
        let mut points = vec![start];
        seen[start] = true;
        let mut next = 0;
        let mut sum = 0.0;
        while let Some(&point) = points.get(next) {
            next += 1;
            sum += map[point];
            let (x, y) = (point % width, point / width);
            for row in y.saturating_sub(1)..=(y + 1).min(height - 1) {
                for column in x.saturating_sub(1)..=(x + 1).min(width - 1) {
                    let near = row * width + column;
                    if !seen[near] && map[near] >= LIKELY {
                        seen[near] = true;
                        points.push(near);
                    }
                }
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "fewer than 2^24 points")]
        let mean = sum / points.len() as f32;
        if mean >= SURE && points.len() >= 9 {
            cores.push(points);
        }
    }
    let cores: Vec<Core> = cores
        .into_iter()
        .map(|points| {
            #[expect(clippy::cast_precision_loss, reason = "small numbers")]
            let place = |point: usize| ((point % width) as f32 * scale.0, (point / width) as f32 * scale.1);
            let points: Vec<(f32, f32)> = points.into_iter().map(place).collect();
            let slant = slant(&points);
            (points, slant)
        })
        .collect();
    let mut slants: Vec<f32> = cores.iter().filter_map(|(_, slant)| *slant).collect();
    slants.sort_by(f32::total_cmp);
    let usual = slants.get(slants.len() / 2).copied().unwrap_or(0.0);
    let rectangle = |(points, slant): &Core| rectangle(points, slant.unwrap_or(usual), scale);
    cores.iter().filter_map(rectangle).collect()
}

/// How a long core slants, in radians between -45° and 45°; nothing for one that is too short to tell.
fn slant(points: &[(f32, f32)]) -> Option<f32> {
    #[expect(clippy::cast_precision_loss, reason = "fewer than 2^24 points")]
    let count = points.len() as f32;
    let (x, y) = points.iter().fold((0.0, 0.0), |(x, y), point| (x + point.0, y + point.1));
    let (x, y) = (x / count, y / count);
    let (mut xx, mut xy, mut yy) = (0.0_f32, 0.0_f32, 0.0_f32);
    for point in points {
        let (dx, dy) = (point.0 - x, point.1 - y);
        xx += dx * dx;
        xy += dx * dy;
        yy += dy * dy;
    }
    let spread = ((xx - yy).powi(2) + 4.0 * xy * xy).sqrt();
    let (long, short) = (xx + yy + spread, (xx + yy - spread).max(0.01));
    if long < short * LONG * LONG {
        return None;
    }
    let angle = (2.0 * xy).atan2(xx - yy) / 2.0;
    let quarter = std::f32::consts::FRAC_PI_2;
    Some(if angle > quarter / 2.0 {
        angle - quarter
    } else if angle < -quarter / 2.0 {
        angle + quarter
    } else {
        angle
    })
}

/// The rectangle along a slant that holds all points, and the rim round them that the core leaves out.
fn rectangle(points: &[(f32, f32)], slant: f32, scale: (f32, f32)) -> Option<LineBox> {
    let (sin, cos) = slant.sin_cos();
    let (mut left, mut right, mut top, mut bottom) = (f32::MAX, f32::MIN, f32::MAX, f32::MIN);
    for &(x, y) in points {
        let (along, across) = (x * cos + y * sin, y * cos - x * sin);
        (left, right) = (left.min(along), right.max(along));
        (top, bottom) = (top.min(across), bottom.max(across));
    }
    let (width, height) = (right - left + scale.0, bottom - top + scale.1);
    if width.min(height) < THIN * scale.0.max(scale.1) {
        return None;
    }
    let rim = width * height * ROUND / (2.0 * (width + height));
    let (along, across) = (left.midpoint(right) + scale.0 / 2.0, top.midpoint(bottom) + scale.1 / 2.0);
    Some(LineBox {
        x: along * cos - across * sin,
        y: along * sin + across * cos,
        along: (cos, sin),
        width: width + rim * 2.0,
        height: height + rim * 2.0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hangs_together_is_a_line_with_a_rim_and_a_slant() {
        let (width, height) = (200, 100);
        let mut map = vec![0.0; width * height];
        for x in 20..180 {
            for y in 0..8 {
                map[(20 + y + x / 20) * width + x] = 0.9;
            }
        }
        for (x, y) in [(5, 90), (6, 90)] {
            map[y * width + x] = 0.9;
        }
        let found = boxes(&map, width, height, (1.0, 1.0));
        assert_eq!(found.len(), 1, "{found:?}");
        let line = found[0];
        assert!((line.x - 100.0).abs() < 2.0 && !line.is_column(), "{line:?}");
        assert!((line.along.1 / line.along.0 - 0.05).abs() < 0.01, "{line:?}");
        assert!(line.height > 15.0 && line.height < 30.0, "{line:?}");
    }
}
