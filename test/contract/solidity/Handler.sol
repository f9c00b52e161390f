// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DaoChainRegistry} from "../../../contracts/DaoChainRegistry.sol";
import {IDaoChainRegistry} from "../../../contracts/IDaoChainRegistry.sol";
import {cheats} from "./Cheats.sol";

/// Acts on a registry as everybody in turn: the governor, the admin of two organisations (this contract), signers, strangers. It
/// remembers what it did, for invariants to look at.
contract Handler {
    uint256 private constant KEYS = 6;
    bytes32 public constant ACME = keccak256("acme");
    bytes32 public constant GLOBEX = keccak256("globex");

    DaoChainRegistry public immutable registry;
    address public immutable governor;
    bytes32[] public records;
    bytes32[] public claims;
    bytes32[] public digests;
    mapping(bytes32 digest => uint64) public revokedAt;
    mapping(bytes32 claimId => uint64) public claimRevokedAt;
    mapping(bytes32 tagKey => uint40) public headIssuedAt;
    /// What nobody may ever do; empty as long as nobody did.
    string public broken;

    constructor(DaoChainRegistry registry_, address governor_) {
        registry = registry_;
        governor = governor_;
        for (uint256 i = 0; i < 4; ++i) {
            digests.push(keccak256(abi.encode("digest", i)));
        }
    }

    // ------------------------------------------------------------------ claims

    function submit(uint256 what, uint256 who) external {
        IDaoChainRegistry.ImageClaim memory claim = _claim(what);
        bytes32 id = registry.hashClaim(claim);
        IDaoChainRegistry.Approval[] memory approvals = _approvals(id, who);
        try registry.submitClaim(claim, approvals, "") {
            _remember(records, id);
            _remember(claims, id);
            _lookAtHead(claim);
        } catch {}
    }

    function submitBatch(uint256 what, uint256 other, uint256 who) external {
        IDaoChainRegistry.ImageClaim[] memory batch = new IDaoChainRegistry.ImageClaim[](2);
        batch[0] = _claim(what);
        batch[1] = _claim(other);
        bytes32 id = registry.hashBatch(batch);
        try registry.submitBatch(batch, _approvals(id, who), new string[](2)) {
            _remember(records, id);
            for (uint256 i = 0; i < 2; ++i) {
                _remember(claims, registry.hashClaim(batch[i]));
                _lookAtHead(batch[i]);
            }
        } catch {}
    }

    function approve(uint256 which, uint256 who) external {
        if (records.length == 0) return;
        bytes32 id = records[which % records.length];
        try registry.approve(_organisation(which), id, _approvals(id, who)) {} catch {}
    }

    // ------------------------------------------------------------------ admins

    function revokeDigest(uint256 which) external {
        bytes32[] memory one = new bytes32[](1);
        one[0] = digests[which % digests.length];
        try registry.revokeDigests(ACME, one, "") {
            revokedAt[one[0]] = uint64(block.timestamp);
        } catch {}
    }

    function revokeClaim(uint256 which) external {
        if (claims.length == 0) return;
        bytes32 id = claims[which % claims.length];
        try registry.revokeClaim(ACME, id, "") {
            claimRevokedAt[id] = uint64(block.timestamp);
        } catch {}
    }

    function manageSigner(uint256 act, uint256 who, uint256 other) external {
        bytes32 id = _organisation(other);
        address signer = cheats.addr(1 + who % KEYS);
        if (act % 4 == 0) try registry.addSigner(id, signer, "") {} catch {}
        else if (act % 4 == 1) try registry.retireSigner(id, signer) {} catch {}
        else if (act % 4 == 2) try registry.replaceSigner(id, signer, cheats.addr(1 + other % KEYS)) {} catch {}
        else try registry.voidSigner(id, signer, uint64(block.timestamp - other % 200)) {} catch {}
    }

    function setThreshold(uint256 threshold, uint256 which) external {
        try registry.setThreshold(_organisation(which), uint8(threshold % 4)) {} catch {}
    }

    function wait(uint256 time) external {
        cheats.warp(block.timestamp + time % 100);
    }

    // ------------------------------------------------------------------ those who may not

    /// The governor does what it can, and tries what it cannot: no claim and no organisation that exists is touched.
    function governorActs(uint256 act, uint256 which) external {
        bytes32 before = _everything();
        cheats.prank(governor);
        if (act % 2 == 0) try registry.addNamespace(_organisation(which), "docker.io/acme") {} catch {}
        else _tryEverything(which);
        if (before != _everything()) broken = "the governor changed an organisation or a claim";
    }

    function strangerActs(uint256 which, address stranger) external {
        if (stranger == address(this) || stranger == governor || stranger == address(0)) return;
        for (uint256 i = 1; i <= KEYS; ++i) {
            if (stranger == cheats.addr(i)) return;
        }
        bytes32 before = _everything();
        bytes32 owner = _owner();
        cheats.prank(stranger);
        _tryEverything(which);
        if (before != _everything() || owner != _owner()) broken = "a stranger changed an organisation or a claim";
    }

    /// One call of any of the registry's acts, by whoever is pranked.
    function _tryEverything(uint256 which) private {
        address someone = cheats.addr(1 + which % KEYS);
        bytes32[] memory some = new bytes32[](1);
        some[0] = digests[0];
        bytes32 record = records.length == 0 ? digests[0] : records[which % records.length];
        bytes[17] memory acts = [
            abi.encodeCall(registry.addSigner, (ACME, address(uint160(which)), "")),
            abi.encodeCall(registry.retireSigner, (ACME, someone)),
            abi.encodeCall(registry.voidSigner, (ACME, someone, 0)),
            abi.encodeCall(registry.replaceSigner, (ACME, someone, address(uint160(which)))),
            abi.encodeCall(registry.setThreshold, (ACME, 1)),
            abi.encodeCall(registry.addAdmin, (ACME, address(uint160(which)))),
            abi.encodeCall(registry.removeAdmin, (ACME, address(this))),
            abi.encodeCall(registry.setDisplayName, (ACME, "taken")),
            abi.encodeCall(registry.removeNamespace, (ACME, "docker.io/acme")),
            abi.encodeCall(registry.revokeDigests, (ACME, some, "")),
            abi.encodeCall(registry.revokeClaim, (ACME, record, "")),
            abi.encodeCall(registry.revokeClaimInBatch, (ACME, some, 0, "")),
            abi.encodeCall(registry.setDelay, (ACME, 1)),
            abi.encodeCall(registry.setDelay, (0, uint16(1))),
            abi.encodeCall(registry.cancelActs, (ACME, some)),
            abi.encodeCall(registry.cancelActs, (ACME, new bytes32[](0))),
            abi.encodeCall(registry.approve, (ACME, record, new IDaoChainRegistry.Approval[](1)))
        ];
        (bool done,) = address(registry).call(acts[which % acts.length]);
        done;
    }

    // ------------------------------------------------------------------ looking

    function count() external view returns (uint256) {
        return records.length;
    }

    function countClaims() external view returns (uint256) {
        return claims.length;
    }

    function tagKey(uint256 tag) public view returns (bytes32) {
        return registry.tagKeyOf(ACME, "docker.io/acme/api", _tag(tag));
    }

    function head(uint256 tag) public view returns (IDaoChainRegistry.Head memory) {
        bytes32[] memory none;
        return registry.read(ACME, "docker.io/acme/api", _tag(tag), none, none, none).head;
    }

    /// All that is known of both organisations and of every record.
    function _everything() private view returns (bytes32 hash) {
        for (uint256 i = 0; i < 2; ++i) {
            bytes32 id = _organisation(i);
            IDaoChainRegistry.OrganisationView memory view_ = registry.organisation(id);
            hash = keccak256(abi.encode(hash, view_.name, view_.displayName, view_.threshold, view_.admins, view_.signers));
            hash = keccak256(abi.encode(hash, registry.read(id, "", "", digests, records, records), registry.read(id, "", "", digests, claims, claims)));
        }
        for (uint256 i = 0; i < 3; ++i) {
            hash = keccak256(abi.encode(hash, head(i)));
        }
    }

    function _owner() private view returns (bytes32 owner) {
        (owner,) = registry.ownerOf("docker.io/acme/api");
    }

    function _lookAtHead(IDaoChainRegistry.ImageClaim memory claim) private {
        bytes32 key = registry.tagKeyOf(claim.organisation, claim.repository, claim.tag);
        bytes32[] memory none;
        uint40 issuedAt = registry.read(claim.organisation, claim.repository, claim.tag, none, none, none).head.issuedAt;
        if (issuedAt < headIssuedAt[key]) broken = "a head moved back";
        headIssuedAt[key] = issuedAt;
    }

    function _remember(bytes32[] storage list, bytes32 id) private {
        for (uint256 i = 0; i < list.length; ++i) {
            if (list[i] == id) return;
        }
        list.push(id);
    }

    // ------------------------------------------------------------------ choosing

    function _organisation(uint256 which) private pure returns (bytes32) {
        return which % 4 == 1 ? GLOBEX : ACME;
    }

    function _tag(uint256 which) private pure returns (string memory) {
        return which % 3 == 0 ? "a" : which % 3 == 1 ? "b" : "";
    }

    function _claim(uint256 what) private view returns (IDaoChainRegistry.ImageClaim memory claim) {
        claim.organisation = _organisation(what);
        claim.repository = "docker.io/acme/api";
        claim.tag = _tag(what >> 8);
        claim.subjects = new IDaoChainRegistry.Subject[](1);
        claim.subjects[0] = IDaoChainRegistry.Subject({digest: digests[(what >> 16) % digests.length], kind: 0, platform: ""});
        claim.issuedAt = uint64(block.timestamp + 60 - (what >> 24) % 300);
        if ((what >> 32) % 4 == 0) claim.expiresAt = uint64(block.timestamp + 1 + (what >> 40) % 100);
    }

    function _approvals(bytes32 id, uint256 who) private pure returns (IDaoChainRegistry.Approval[] memory approvals) {
        approvals = new IDaoChainRegistry.Approval[](1 + who % 3);
        for (uint256 i = 0; i < approvals.length; ++i) {
            // Mostly of those who sign at first.
            uint256 key = 1 + (who >> (8 * (i + 1))) % (KEYS - 2);
            (uint8 v, bytes32 r, bytes32 s) = cheats.sign(key, id);
            approvals[i] = IDaoChainRegistry.Approval({signer: cheats.addr(key), signature: abi.encodePacked(r, s, v)});
        }
    }
}
