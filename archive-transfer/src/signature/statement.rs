//! What a sender signs: a few lines that a person can read and a program can read back.

use archive_core::text::Text;
use chrono::NaiveDate;

use super::key::Scheme;

const TITLE: &str = "档案移交签名";
const DAY: &str = "%Y年%-m月%-d日";

/// The sender's word on a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The package's name.
    pub package: String,
    /// The office that hands over.
    pub sender: String,
    /// 全宗号.
    pub fonds: String,
    /// Who signs.
    pub signer: String,
    /// When.
    pub signed_on: NaiveDate,
    /// How.
    pub scheme: Scheme,
    /// The fingerprint of the key.
    pub fingerprint: String,
    /// The SHA-256 of `tagmanifest-sha256.txt`.
    pub sha256: String,
    /// The SM3 of `tagmanifest-sha256.txt`.
    pub sm3: String,
}

impl Statement {
    /// The statement as it is signed.
    pub fn to_text(&self) -> String {
        let mut text = format!("{TITLE}\n");
        for (label, value) in [
            ("移交包", self.package.clone()),
            ("移交单位", self.sender.clone()),
            ("全宗号", self.fonds.clone()),
            ("签名人", self.signer.clone()),
            ("签名日期", self.signed_on.format(DAY).to_string()),
            ("签名算法", self.scheme.name().to_owned()),
            ("公钥指纹", self.fingerprint.clone()),
            ("tagmanifest-sha256.txt的SHA-256", self.sha256.clone()),
            ("tagmanifest-sha256.txt的SM3", self.sm3.clone()),
        ] {
            // A line is a line, whatever a name holds.
            let value: String = value.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
            text.push_str(&format!("{label}：{}\n", value.trim()));
        }
        text
    }

    /// Reads a statement that came.
    pub fn from_text(text: &str) -> Result<Self, Text> {
        let mut lines = text.lines();
        if lines.next() != Some(TITLE) {
            return Err(Text::fixed("不是移交签名文件", "no statement of a hand-over"));
        }
        let mut next = |label: &str| {
            let line = lines.next().unwrap_or_default();
            let value = line.strip_prefix(label).and_then(|rest| rest.strip_prefix('：'));
            value.map(str::to_owned).ok_or_else(|| {
                Text::new(
                    format!("移交签名文件缺少“{label}”一行"),
                    format!("the statement lacks the line “{label}”"),
                )
            })
        };
        let statement = Self {
            package: next("移交包")?,
            sender: next("移交单位")?,
            fonds: next("全宗号")?,
            signer: next("签名人")?,
            signed_on: {
                let day = next("签名日期")?;
                NaiveDate::parse_from_str(&day, "%Y年%m月%d日")
                    .map_err(|_| Text::fixed("签名日期读不懂", "the day of signing can't be read"))?
            },
            scheme: Scheme::named(&next("签名算法")?)
                .ok_or_else(|| Text::fixed("签名算法不认识", "the signature scheme isn't known"))?,
            fingerprint: next("公钥指纹")?,
            sha256: next("tagmanifest-sha256.txt的SHA-256")?,
            sm3: next("tagmanifest-sha256.txt的SM3")?,
        };
        match lines.next() {
            None => Ok(statement),
            Some(_) => Err(Text::fixed("移交签名文件有多余的行", "the statement has a line too many")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_reads_like_paper_and_comes_back() {
        let statement = Statement {
            package: "J019-2004".to_owned(),
            sender: "建阳县人民政府办公室".to_owned(),
            fonds: "J019".to_owned(),
            signer: "王档案".to_owned(),
            signed_on: NaiveDate::from_ymd_opt(2005, 4, 2).unwrap(),
            scheme: Scheme::Sm2,
            fingerprint: "0a".repeat(32),
            sha256: "1b".repeat(32),
            sm3: "2c".repeat(32),
        };
        let text = statement.to_text();
        assert!(text.contains("签名日期：2005年4月2日\n"), "{text}");
        assert_eq!(Statement::from_text(&text), Ok(statement.clone()));
        assert!(Statement::from_text(&text.replace("签名人：王档案\n", "")).is_err());
        assert!(Statement::from_text(&format!("{text}x\n")).is_err());
        let several = Statement { signer: "王\n档案".to_owned(), ..statement };
        assert_eq!(several.to_text().lines().count(), text.lines().count());
    }
}
