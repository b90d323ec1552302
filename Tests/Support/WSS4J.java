// SPDX-License-Identifier: Apache-2.0
// A SOAP server behind Apache WSS4J: says what it found in a request, in an answer that is signed and
// encrypted as the path says: CONTENT--TRANSPORT--IDENTIFIER[--turned]. Argument: a folder with
// peer.p12 (ours, password `secret`) and me.pem (the caller's). Prints its port.

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.apache.ws.security.WSConstants;
import org.apache.ws.security.WSPasswordCallback;
import org.apache.ws.security.WSSecurityEngine;
import org.apache.ws.security.WSSecurityEngineResult;
import org.apache.ws.security.components.crypto.Crypto;
import org.apache.ws.security.components.crypto.Merlin;
import org.apache.ws.security.message.WSSecEncrypt;
import org.apache.ws.security.message.WSSecHeader;
import org.apache.ws.security.message.WSSecSignature;
import org.apache.ws.security.message.WSSecTimestamp;
import org.w3c.dom.Document;
import org.w3c.dom.Node;

public class WSS4J {
    static final String ENVELOPE =
        "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body>"
            + "<p:Photo xmlns:p='urn:example:photos'><p:Name>%s</p:Name></p:Photo></s:Body></s:Envelope>";
    static Crypto keys;

    static Document read(byte[] bytes) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        return factory.newDocumentBuilder().parse(new ByteArrayInputStream(bytes));
    }

    static byte[] text(Document document) throws Exception {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        TransformerFactory.newInstance().newTransformer()
            .transform(new DOMSource(document), new StreamResult(output));
        return output.toByteArray();
    }

    static final CallbackHandler SECRETS = callbacks -> {
        for (Callback callback : callbacks) ((WSPasswordCallback) callback).setPassword("secret");
    };

    static String judge(byte[] bytes) throws Exception {
        Document document = read(bytes);
        List<WSSecurityEngineResult> results =
            new WSSecurityEngine().processSecurityHeader(document, null, SECRETS, keys, keys);
        List<String> found = new ArrayList<>();
        if (results != null) {
            for (WSSecurityEngineResult result : results) {
                int action = (Integer) result.get(WSSecurityEngineResult.TAG_ACTION);
                if (action == WSConstants.SIGN) found.add("signature");
                if (action == WSConstants.ENCR) {
                    found.add("encryption of "
                        + ((List<?>) result.get(WSSecurityEngineResult.TAG_DATA_REF_URIS)).size());
                }
                if (action == WSConstants.TS) found.add("time");
                if (action == WSConstants.UT) found.add("user");
            }
        }
        java.util.Collections.sort(found);
        Node asked = document.getElementsByTagNameNS("urn:example:photos", "Get").item(0);
        return String.join(", ", found) + "; asked " + (asked == null ? "nothing" : asked.getTextContent());
    }

    static byte[] answer(String content, String[] way) throws Exception {
        Document document = read(String.format(ENVELOPE, content.replace("&", "&amp;").replace("<", "&lt;")).getBytes(StandardCharsets.UTF_8));
        WSSecHeader header = new WSSecHeader();
        header.insertSecurityHeader(document);
        WSSecEncrypt encrypt = new WSSecEncrypt();
        encrypt.setUserInfo("me");
        encrypt.setSymmetricEncAlgorithm(
            way[0].contains("gcm") ? "http://www.w3.org/2009/xmlenc11#" + way[0] : WSConstants.ENC_NS + way[0]);
        encrypt.setKeyEncAlgo(WSConstants.ENC_NS + way[1]);
        encrypt.setKeyIdentifierType(
            way[2].equals("ski") ? WSConstants.SKI_KEY_IDENTIFIER
                : way[2].equals("thumbprint") ? WSConstants.THUMBPRINT_IDENTIFIER
                : way[2].equals("token") ? WSConstants.BST_DIRECT_REFERENCE : WSConstants.ISSUER_SERIAL);
        WSSecSignature sign = new WSSecSignature();
        sign.setUserInfo("peer", "secret");
        sign.setKeyIdentifierType(WSConstants.BST_DIRECT_REFERENCE);
        sign.setSignatureAlgorithm("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256");
        sign.setDigestAlgo("http://www.w3.org/2001/04/xmlenc#sha256");
        boolean isTurned = way.length > 3;
        if (isTurned) document = encrypt.build(document, keys, header);
        WSSecTimestamp time = new WSSecTimestamp();
        time.setTimeToLive(300);
        document = time.build(document, header);
        document = sign.build(document, keys, header);
        if (!isTurned) document = encrypt.build(document, keys, header);
        return text(document);
    }

    static void handle(HttpExchange exchange) {
        try {
            byte[] request = exchange.getRequestBody().readAllBytes();
            String content;
            try {
                content = judge(request);
            } catch (Exception failure) {
                content = "refused: " + failure.getMessage();
            }
            byte[] answer = answer(content, exchange.getRequestURI().getPath().substring(1).split("--"));
            exchange.getResponseHeaders().set("Content-Type", "text/xml; charset=utf-8");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
        } catch (Exception failure) {
            failure.printStackTrace();
        }
        exchange.close();
    }

    public static void main(String[] arguments) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(new FileInputStream(arguments[0] + "/peer.p12"), "secret".toCharArray());
        store.setCertificateEntry("me", CertificateFactory.getInstance("X.509")
            .generateCertificate(new FileInputStream(arguments[0] + "/me.pem")));
        Merlin merlin = new Merlin();
        merlin.setKeyStore(store);
        keys = merlin;
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", WSS4J::handle);
        server.start();
        System.out.println(server.getAddress().getPort());
        System.out.flush();
    }
}
