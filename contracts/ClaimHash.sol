// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {IDaoChainRegistry} from "./IDaoChainRegistry.sol";

/// @title The only place that builds a typed hash
/// @notice docs/specs/claim.md fixes the encoding; test/vectors hold it still.
abstract contract ClaimHash is IDaoChainRegistry {
    bytes32 private constant DOMAIN_TYPE_HASH = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract,bytes32 salt)"
    );
    bytes32 private constant SUBJECT_TYPE_HASH = keccak256("Subject(bytes32 digest,uint8 kind,string platform)");
    bytes32 private constant CLAIM_TYPE_HASH = keccak256(
        "ImageClaim(bytes32 organisation,string repository,string tag,Subject[] subjects,uint64 issuedAt,uint64 expiresAt,bytes32 annotations)Subject(bytes32 digest,uint8 kind,string platform)"
    );
    bytes32 private constant BATCH_TYPE_HASH = keccak256(
        "ImageClaimBatch(ImageClaim[] claims)ImageClaim(bytes32 organisation,string repository,string tag,Subject[] subjects,uint64 issuedAt,uint64 expiresAt,bytes32 annotations)Subject(bytes32 digest,uint8 kind,string platform)"
    );

    bytes32 private immutable _salt;
    /// The domain separator, good where and while address and chain id are those of the deployment.
    bytes32 private immutable _domain;
    uint256 private immutable _chainId;
    address private immutable _self;

    constructor(bytes32 salt) {
        _salt = salt;
        _chainId = block.chainid;
        _self = address(this);
        _domain = _separator(salt);
    }

    /// @inheritdoc IDaoChainRegistry
    function eip712Domain()
        external
        view
        returns (
            bytes1 fields,
            string memory name,
            string memory version,
            uint256 chainId,
            address verifyingContract,
            bytes32 salt,
            uint256[] memory extensions
        )
    {
        return (hex"1f", "DaoChain", "1", block.chainid, address(this), _salt, new uint256[](0));
    }

    /// @inheritdoc IDaoChainRegistry
    function hashClaim(ImageClaim memory claim) external view returns (bytes32 claimId) {
        (bytes32 claimHash,) = _hashStruct(claim);
        return _digest(claimHash);
    }

    /// @inheritdoc IDaoChainRegistry
    function hashBatch(ImageClaim[] memory claims) external view returns (bytes32 recordId) {
        (bytes32[] memory claimHashes,) = _hashStructs(claims);
        return _digest(_hashBatch(claimHashes));
    }

    /// What is signed, of a struct's hash (EIP-712, "Specification").
    function _digest(bytes32 structHash) internal view returns (bytes32) {
        // A chain that split off and took another id is another domain.
        bytes32 domain = block.chainid == _chainId && address(this) == _self ? _domain : _separator(_salt);
        return MessageHashUtils.toTypedDataHash(domain, structHash);
    }

    function _separator(bytes32 salt) private view returns (bytes32) {
        return keccak256(
            abi.encode(
                DOMAIN_TYPE_HASH, keccak256("DaoChain"), keccak256("1"), block.chainid, address(this), salt
            )
        );
    }

    function _hashStructs(ImageClaim[] memory claims)
        internal
        pure
        returns (bytes32[] memory claimHashes, bytes32[] memory tagKeys)
    {
        claimHashes = new bytes32[](claims.length);
        tagKeys = new bytes32[](claims.length);
        for (uint256 i = 0; i < claims.length; ++i) {
            (claimHashes[i], tagKeys[i]) = _hashStruct(claims[i]);
        }
    }

    function _hashBatch(bytes32[] memory claimHashes) internal pure returns (bytes32) {
        return keccak256(abi.encode(BATCH_TYPE_HASH, keccak256(abi.encodePacked(claimHashes))));
    }

    /// The claim's hashStruct, and its tag's key since that is made of the same parts; 0 without a tag.
    function _hashStruct(ImageClaim memory claim) internal pure returns (bytes32 claimHash, bytes32 tagKey) {
        Subject[] memory subjects = claim.subjects;
        bytes32[] memory hashes = new bytes32[](subjects.length);
        for (uint256 i = 0; i < subjects.length; ++i) {
            Subject memory subject = subjects[i];
            hashes[i] = keccak256(
                abi.encode(SUBJECT_TYPE_HASH, subject.digest, subject.kind, keccak256(bytes(subject.platform)))
            );
        }
        bytes32 repository = keccak256(bytes(claim.repository));
        bytes32 tag = keccak256(bytes(claim.tag));
        claimHash = keccak256(
            abi.encode(
                CLAIM_TYPE_HASH,
                claim.organisation,
                repository,
                tag,
                keccak256(abi.encodePacked(hashes)),
                claim.issuedAt,
                claim.expiresAt,
                claim.annotations
            )
        );
        if (bytes(claim.tag).length != 0) tagKey = _tagKey(claim.organisation, repository, tag);
    }

    function _tagKey(bytes32 organisation, bytes32 repositoryHash, bytes32 tagHash) internal pure returns (bytes32) {
        return keccak256(abi.encode(organisation, repositoryHash, tagHash));
    }
}
