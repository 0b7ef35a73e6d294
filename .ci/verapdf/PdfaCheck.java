// Asks veraPDF whether files are PDF/A-2b, and says what it objects to. Exit status 1 if one isn't.

import java.io.FileInputStream;
import java.util.TreeSet;

import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;

public class PdfaCheck {
    public static void main(String[] files) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        PDFAFlavour flavour = PDFAFlavour.fromString("2b");
        boolean allPass = true;
        for (String file : files) {
            try (var parser = Foundries.defaultInstance().createParser(new FileInputStream(file), flavour);
                    var validator = Foundries.defaultInstance().createValidator(flavour, false)) {
                var result = validator.validate(parser);
                allPass &= result.isCompliant();
                System.out.println((result.isCompliant() ? "ok      " : "FAILED  ") + "PDF/A-2b: " + file);
                var objections = new TreeSet<String>();
                for (TestAssertion assertion : result.getTestAssertions()) {
                    if (assertion.getStatus() != TestAssertion.Status.PASSED) {
                        var rule = assertion.getRuleId();
                        objections.add(rule.getClause() + "-" + rule.getTestNumber() + " " + assertion.getMessage());
                    }
                }
                objections.forEach(objection -> System.out.println("        " + objection));
            }
        }
        System.exit(allPass ? 0 : 1);
    }
}
